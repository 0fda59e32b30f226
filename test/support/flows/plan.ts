import type { Order } from './orders.ts';
import { ordersOf, untoldOrders } from './orders.ts';
import type { Message, Scenario, Step } from './recorded.ts';
import { commitOf, existingModule, moduleStateOf } from './recorded.ts';
import type { Permits } from './rules.ts';

/** Why something the original did is not done here. */
export type Dropped =
  /** The message, or another of the same change, had been heard before. */
  | 'redelivered'
  /** The chain of causes has rebuilt that module already. */
  | 'extra-lap'
  /** The rules allow it for the original's second handler, not for what the chain began with. */
  | 'not-of-this-trigger'
  /** It followed from something that is dropped. */
  | 'of-a-dropped-one';

/** An order of the original as it is expected here: a claim of the trigger its chain began with. */
export type Expected = Order & {
  /** Id of the message the chain of causes began with. */
  readonly root: string;
  /** Bump texts and parents any order of this module had in its chain: one is to be ours. */
  readonly texts: ReadonlyArray<string>;
  readonly parents: ReadonlyArray<string | null>;
};

export type FlowPlan = {
  readonly expected: ReadonlyArray<Expected>;
  readonly dropped: ReadonlyArray<{ readonly module: string; readonly why: Dropped }>;
  /** Messages that are heard here: all but those that tell of a dropped build. */
  readonly heard: ReadonlyArray<Message>;
  /** Messages that begin a chain of causes, the earlier event's included. */
  readonly roots: ReadonlyArray<string>;
};

type Chain = { readonly root: string; readonly kind: string; readonly members: Set<string> };
type Draft = Order & { readonly root: string };

type Walk = {
  readonly permitted: Permits;
  /** Chains by the MBS ids of their builds. */
  readonly chains: Map<number, Chain>;
  /** Changes and message ids heard. */
  readonly seen: Set<string>;
  /** MBS ids of what is dropped. */
  readonly gone: Set<number>;
  readonly kept: Array<Draft>;
  readonly all: Array<Draft>;
  readonly dropped: Array<FlowPlan['dropped'][number]>;
  readonly heard: Array<Message>;
  readonly roots: Array<string>;
};

const changeOf = (message: Message): string => {
  const state = moduleStateOf(message);
  if (state !== undefined) return `mbs:${state.id}:${state.state}`;
  const { namespace, repo, branch, rev } = commitOf(message) ?? {};
  return `${namespace}/${repo}@${branch}@${rev}`;
};

const kindOf = (message: Message): string => {
  if (moduleStateOf(message) !== undefined) return 'MBSModuleStateChangeEvent';
  return commitOf(message)?.namespace === 'rpms'
    ? 'GitRPMSpecChangeEvent'
    : 'GitModuleMetadataChangeEvent';
};

const begun = (message: Message): Chain => ({
  ...{ root: message.msg_id, kind: kindOf(message), members: new Set() },
});

/** A push, or a build made ready: of the other states of others' builds nothing follows. */
const canBegin = (message: Message): boolean => (moduleStateOf(message)?.state ?? 5) === 5;

const isSeen = ({ seen }: Walk, message: Message): boolean =>
  seen.has(changeOf(message)) || seen.has(message.msg_id);

const reasonToDrop = (
  walk: Walk,
  chain: Chain,
  message: Message,
  { module }: Order,
): Dropped | undefined => {
  const id = moduleStateOf(message)?.id ?? -1;
  if (walk.gone.has(id)) return 'of-a-dropped-one';
  if (isSeen(walk, message)) return 'redelivered';
  if (chain.members.has(module)) return 'extra-lap';
  return walk.permitted(module, chain.kind) ? undefined : 'not-of-this-trigger';
};

const placeOrder = (walk: Walk, chain: Chain, message: Message, order: Order): void => {
  const { module, id } = order;
  const draft = { ...order, root: chain.root };
  walk.all.push(draft);
  const why = reasonToDrop(walk, chain, message, order);
  if (why !== undefined) {
    walk.dropped.push({ module, why });
    if (id !== null) walk.gone.add(id);
    return;
  }
  chain.members.add(module);
  if (id !== null) walk.chains.set(id, chain);
  walk.kept.push(draft);
};

const takeStep = (walk: Walk, scenario: Scenario, step: Step): void => {
  const { message } = step;
  const id = moduleStateOf(message)?.id ?? -1;
  const own = walk.chains.get(id);
  const chain = own ?? begun(message);
  for (const order of [...ordersOf(scenario, step), ...untoldOrders(scenario, step)]) {
    placeOrder(walk, chain, message, order);
  }
  const isGone = walk.gone.has(id);
  const isRoot = own === undefined && canBegin(message) && !isSeen(walk, message);
  if (isRoot && !isGone) walk.roots.push(chain.root);
  if (!isGone) walk.heard.push(message);
  walk.seen.add(changeOf(message)).add(message.msg_id);
};

const setOut = (scenario: Scenario, permitted: Permits): Walk => {
  const { existing } = scenario;
  const builds = existing?.builds ?? [];
  const chain: Chain = {
    ...{ root: existing?.event.message_id ?? '', kind: 'MBSModuleStateChangeEvent' },
    members: new Set(builds.map(({ name }) => existingModule(scenario, name))),
  };
  return {
    ...{ permitted, chains: new Map(builds.map(({ build_id }) => [build_id, chain])) },
    ...{ seen: new Set(), gone: new Set(), kept: [], all: [], dropped: [], heard: [] },
    roots: existing === undefined ? [] : [chain.root],
  };
};

/** Derives, from what the original did, what is to be done here. No scenario is known by name. */
export const planOf = (scenario: Scenario, permitted: Permits): FlowPlan => {
  const walk = setOut(scenario, permitted);
  for (const step of scenario.steps) takeStep(walk, scenario, step);
  const { kept, all, dropped, heard, roots } = walk;
  const expected = kept.map((draft): Expected => {
    const same = all.filter(({ module, root }) => module === draft.module && root === draft.root);
    return {
      ...draft,
      texts: same.flatMap(({ bump }) => bump ?? []),
      parents: same.map(({ parent }) => parent),
    };
  });
  return { expected, dropped, heard, roots };
};
