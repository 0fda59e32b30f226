import { bridgedMessage, type Bus } from '../bus/bus.ts';
import type { Kind, Misbehaviour, Rule } from '../control/misbehaviour.ts';
import type { Documents } from '../documents.ts';
import type { Pacing } from '../mbs/engine.ts';
import type { Store } from '../store.ts';
import * as state from './compose.ts';
import { namesOf, wordsOf, type Compose, type ComposeOrder } from './compose.ts';
import { shownCompose } from './render.ts';

/** What ODCS asks Koji of a build: the keys that all of its RPMs are signed with; undefined: no such build. */
export type KeysOf = (nvr: string) => ReadonlyArray<string> | undefined;

export type ComposeEngine = {
  /** Saves a new compose and sets it going. */
  readonly begin: (order: ComposeOrder, owner: string, seconds: number) => Compose;
  /** Lets a compose live at least so many seconds from now. */
  readonly extend: (compose: Compose, seconds: number) => Compose;
  /** Marks a compose for removal, which follows by itself. */
  readonly remove: (compose: Compose, by: string) => Compose;
  /** Takes up what was under way; before this nothing moves. */
  readonly start: () => void;
  readonly close: () => void;
};

export type EngineDeps = {
  readonly store: Store;
  readonly composes: Documents<Compose>;
  readonly bus: Bus;
  readonly misbehaviour: Misbehaviour;
  readonly pacing: Pick<Pacing, 'buildTime' | 'stepTime'>;
  readonly keysOf: KeysOf;
  /** Where the sandbox is reached. */
  readonly base: () => string;
};

const ruleFor = (
  { misbehaviour }: EngineDeps,
  kind: Kind,
  compose: ComposeOrder,
): Rule | undefined => misbehaviour.take(kind, { names: namesOf(compose) });

const announce = (deps: EngineDeps, compose: Compose): void => {
  if (ruleFor(deps, 'no-messages', compose) !== undefined) return;
  const body = { event: 'state-changed', compose: shownCompose(compose, deps.base()) };
  const message = bridgedMessage('odcs.compose.state-changed', body);
  deps.bus.publish(message);
  if (ruleFor(deps, 'duplicate-messages', compose) !== undefined) deps.bus.publish(message);
};

/** Why a compose of these builds cannot be made; undefined when it can. */
const flaw = ({ keysOf }: EngineDeps, compose: Compose): string | undefined => {
  const wanted = compose.sigkeys.split(' ');
  for (const nvr of wordsOf(compose.builds)) {
    const keys = keysOf(nvr);
    if (keys === undefined) return `Build ${nvr} does not exist in Koji.`;
    if (!wanted.includes('') && !keys.some((key) => wanted.includes(key))) {
      const signed = keys.length === 0 ? 'unsigned' : `signed with ${keys.join(', ')}`;
      return `Build ${nvr} is ${signed}; only RPMs signed with ${wanted.join(', ')} may be used.`;
    }
  }
  return undefined;
};

const generated = (deps: EngineDeps, compose: Compose, now: number): Compose => {
  const reason = ruleFor(deps, 'compose-fails', compose)?.reason ?? flaw(deps, compose);
  if (reason !== undefined) {
    const state_reason = `Error while generating compose: ${reason}`;
    return { ...compose, state: state.FAILED, state_reason, due: compose.expires };
  }
  const late = ruleFor(deps, 'repofile-late', compose)?.ms ?? 0;
  const early = ruleFor(deps, 'compose-expires', compose)?.ms;
  const expires = early === undefined ? compose.expires : now + early;
  const state_reason = 'Compose is generated successfully';
  const finished = { state: state.DONE, state_reason, done: now, answers: now + late };
  return { ...compose, ...finished, expires, due: expires };
};

const removed = (compose: Compose, now: number): Compose => {
  const why =
    compose.removed_by === null ? 'Compose is expired.' : `Removed by ${compose.removed_by}.`;
  const state_reason = compose.state_reason === null ? why : `${compose.state_reason}\n${why}`;
  return { ...compose, state: state.REMOVED, state_reason, removed: now, answers: null, due: null };
};

/** The next thing that happens to a compose by itself. */
const stepped = (deps: EngineDeps, compose: Compose): Compose => {
  const now = Date.now();
  if (compose.state === state.WAIT) {
    const begun = { state: state.GENERATING, state_reason: 'Compose thread started', started: now };
    return { ...compose, ...begun, due: compose.stuck ? null : now + deps.pacing.buildTime };
  }
  return compose.state === state.GENERATING ? generated(deps, compose, now) : removed(compose, now);
};

const draft = (deps: EngineDeps, order: ComposeOrder, owner: string, seconds: number): Compose => {
  const now = Date.now();
  return {
    ...order,
    ...{ id: deps.composes.nextId(), owner, state: state.WAIT, state_reason: null },
    ...{ removed_by: null, submitted: now, started: null, done: null, removed: null },
    ...{ expires: now + seconds * 1000, due: now + deps.pacing.stepTime, answers: null },
    stuck: ruleFor(deps, 'compose-never-finishes', order) !== undefined,
  };
};

/** Takes composes from wait to done or failed, and away when their time has come, each on the bus. */
export const openComposeEngine = (deps: EngineDeps): ComposeEngine => {
  const timers = new Map<number, NodeJS.Timeout>();
  const arm = (compose: Compose): Compose => {
    clearTimeout(timers.get(compose.id));
    if (compose.due === null) return compose;
    const step = (): void => {
      const now = deps.composes.get(compose.id);
      if (now?.due === compose.due && now.state === compose.state) settle(stepped(deps, now));
    };
    timers.set(compose.id, setTimeout(step, Math.max(0, compose.due - Date.now())));
    return compose;
  };
  const settle = (compose: Compose): Compose => {
    deps.store.atomically(() => {
      deps.composes.save(compose);
      announce(deps, compose);
    });
    return arm(compose);
  };
  return {
    begin: (order, owner, seconds) => settle(draft(deps, order, owner, seconds)),
    extend: (compose, seconds) => {
      const expires = Math.max(compose.expires, Date.now() + seconds * 1000);
      return arm(deps.composes.save({ ...compose, expires, due: expires }));
    },
    remove: (compose, by) => {
      const now = Date.now();
      const marked = { ...compose, removed_by: by, expires: now };
      return arm(deps.composes.save({ ...marked, due: now + deps.pacing.stepTime }));
    },
    start: () => deps.composes.all().forEach(arm),
    close: () => timers.forEach((timer) => clearTimeout(timer)),
  };
};
