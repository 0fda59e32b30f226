import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { ask, hear, ofTopic, post, type Heard } from './sandbox.ts';

type Json = Readonly<Record<string, unknown>>;

/** An update as the sandbox tells of it. */
export type Shipment = Json & {
  readonly id: number;
  readonly alias: string | null;
  readonly nvr: string;
  readonly nvrs: ReadonlyArray<string>;
  /** Source builds in Koji. */
  readonly builds: ReadonlyArray<string>;
  /** NVRs of what users install of it. */
  readonly rpms: ReadonlyArray<string>;
  readonly tags: ReadonlyArray<string>;
  readonly status: string;
  readonly next: string | null;
};

/** Ships something, `{package: 'bash'}` or `{module: 'nodejs:20'}`, and refuses to be refused. */
export const shipUpdate = async (sandbox: Sandbox, order: Json): Promise<Shipment> => {
  const { status, text, body } = await post(sandbox, '/sandbox/update', order);
  if (status !== 201) throw new Error(`the update was refused: ${text}`);
  return body as Shipment;
};

/** Takes an update one step further, or to a stage. */
export const advance = async (
  sandbox: Sandbox,
  { id }: Shipment,
  stage?: 'built' | 'signed' | 'stable',
): Promise<Shipment> => {
  const path = `/sandbox/update/${id}/advance`;
  const { status, text, body } = await post(sandbox, path, stage === undefined ? {} : { stage });
  if (status !== 200) throw new Error(`the update went no further: ${text}`);
  return body as Shipment;
};

export type ShownCompose = Json & {
  readonly id: number;
  readonly state: number;
  readonly state_name: string;
  readonly state_reason: string | null;
  readonly owner: string;
  readonly builds: string | null;
  readonly packages: string | null;
  readonly sigkeys: string;
  readonly result_repofile: string;
  readonly time_to_expire: string;
};

export const composesOf = async (sandbox: Sandbox): Promise<ReadonlyArray<ShownCompose>> =>
  (await ask(sandbox, '/sandbox/composes')).body as ReadonlyArray<ShownCompose>;

/** A task of Koji as the sandbox tells of it. */
export type ShownTask = Json & {
  readonly id: number;
  readonly state: number;
  readonly source: string;
  readonly target: string;
  readonly opts: Json;
};

/** Container tasks that somebody asked this Koji for, in the order they were asked for. */
export const tasksOf = async (sandbox: Sandbox): Promise<ReadonlyArray<ShownTask>> =>
  (await ask(sandbox, '/sandbox/koji/tasks')).body as ReadonlyArray<ShownTask>;

export type LoggedCall = Json & {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Of a call to Koji, its method and parameters. */
  readonly call?: {
    readonly method: string;
    readonly params: ReadonlyArray<unknown>;
    /** Arguments that were given by name. */
    readonly named: Json;
  };
};

const logged = async (sandbox: Sandbox): Promise<ReadonlyArray<LoggedCall>> =>
  (await ask(sandbox, '/sandbox/requests')).body as ReadonlyArray<LoggedCall>;

/** What ODCS was asked, in order. */
export const askedOfOdcs = async (sandbox: Sandbox): Promise<ReadonlyArray<LoggedCall>> =>
  (await logged(sandbox)).filter(({ path }) => path.startsWith('/odcs/'));

/** Source, target and options of every buildContainer that reached Koji, in order, answered or not. */
export const containersAskedFor = async (
  sandbox: Sandbox,
): Promise<ReadonlyArray<ReadonlyArray<unknown>>> =>
  (await logged(sandbox)).flatMap(({ call }) =>
    call?.method === 'buildContainer' ? [call.params] : [],
  );

const statesIn = (heard: ReadonlyArray<Heard>, id: number): ReadonlyArray<unknown> =>
  ofTopic(heard, 'odcs.compose.state-changed')
    .map(({ body }) => body['compose'] as Json)
    .filter((compose) => compose['id'] === id)
    .map((compose) => compose['state_name']);

/** Waits until the bus has told that a compose reached a state; answers all it went through. */
export const composeStates = async (
  sandbox: Sandbox,
  id: number,
  until: string,
): Promise<ReadonlyArray<unknown>> =>
  statesIn(await hear(sandbox, (heard) => statesIn(heard, id).includes(until)), id);

/** Asks ODCS for a compose of these builds. */
export const postCompose = async (
  sandbox: Sandbox,
  builds: ReadonlyArray<string>,
  more: Json = {},
): Promise<ShownCompose> => {
  const source = { type: 'build', builds, sigkeys: [''] };
  const path = '/odcs/api/1/composes/';
  const { status, text, body } = await post(sandbox, path, { source, ...more });
  if (status !== 200) throw new Error(`the compose was refused: ${text}`);
  return body as ShownCompose;
};
