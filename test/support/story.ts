import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../../domain/json.ts';
import { appendMessage } from '../../ingest/append-message.ts';
import { normalise } from '../../ingest/normal-form.ts';
import type { Config } from '../../main/config/settings.ts';
import { handOf } from '../../main/identity.ts';
import type { Sandbox, SandboxOptions } from '../../ops/sandbox/sandbox.ts';
import { decisionsModel } from '../../projectors/decisions/row.ts';
import type { DecisionRow } from '../../projectors/decisions/row.ts';
import { messagesModel } from '../../projectors/messages/row.ts';
import type { MessageRow } from '../../projectors/messages/row.ts';
import type { Model } from '../../projectors/read-models.ts';
import { aSandbox, ask, distributionOf, post, tempFolder } from './sandbox.ts';
import type { Service } from './service.ts';
import { aService, buildsOf, configFor, eventsOf, must, until } from './service.ts';

const quick = {
  rules: "[{ id: everything, allow: { kind: '.*' } }]",
  quietWindow: '0s',
  longestWait: '60s',
  oldestTrigger: '36500d',
  retries: '{ submission: 5, build: 0, backOff: 0s }',
  pushes: '{ authoritative: git.receive, coverWindow: 1s }',
};
export type PolicyText = Partial<typeof quick>;

/** The quick policy with some of its keys changed, as a file. */
export const policyFile = (t: ExecutionContext, changes: PolicyText): string => {
  const file = join(tempFolder(t), 'policy.yaml');
  const lines = Object.entries({ ...quick, ...changes }).map(([key, text]) => `${key}: ${text}\n`);
  writeFileSync(file, lines.join(''));
  return file;
};

export type Story = { readonly sandbox: Sandbox; readonly service: Service };
type Scene = {
  /** Lines of the distribution; a base and a leaf on it when absent. */
  readonly modules?: ReadonlyArray<string>;
  readonly policy?: PolicyText;
  readonly config?: Partial<Config>;
  readonly world?: Partial<SandboxOptions>;
  /** What has happened before the service starts. */
  readonly before?: (sandbox: Sandbox) => Promise<unknown>;
};
const family = ['base:f28 holds bash@f28', 'leaf:f28 needs base:f28 holds zsh'];

/** A sandbox and a service on it, both of this test's own. */
export const aStory = async (t: ExecutionContext, scene: Scene = {}): Promise<Story> => {
  const { modules = family, policy = {}, config = {}, world = {} } = scene;
  const sandbox = await aSandbox(t, { distribution: distributionOf(...modules), ...world });
  await scene.before?.(sandbox);
  const changes = { policy: policyFile(t, policy), ...config };
  return { sandbox, service: await aService(t, configFor(sandbox, tempFolder(t), changes)) };
};

/** A packager's push to `namespace/repo` on f28; answers its commit. */
export const commit = async (
  sandbox: Sandbox,
  place: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> => {
  const [namespace, repo] = place.split('/');
  const pushed = await post(sandbox, '/sandbox/commit', {
    ...{ namespace, repo, branch: 'f28' },
    ...more,
  });
  if (pushed.status !== 201) throw new Error(pushed.text);
  return (pushed.body as { readonly rev: string }).rev;
};

export const misbehave = (sandbox: Sandbox, rule: Readonly<Record<string, unknown>>) =>
  post(sandbox, '/sandbox/misbehave', rule);

export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly status: number;
};

/** All that the sandbox was asked, in order. */
export const asked = async (sandbox: Sandbox): Promise<ReadonlyArray<Asked>> =>
  (await ask(sandbox, '/sandbox/requests')).body as ReadonlyArray<Asked>;

/** The statuses of the submissions that reached MBS; 0 where the connection was reset. */
export const submissions = async (sandbox: Sandbox): Promise<ReadonlyArray<number>> =>
  (await asked(sandbox))
    .filter(({ method, path }) => method === 'POST' && path.includes('module-builds'))
    .map(({ status }) => status);

/** Waits until there are so many events and all of them have ended. */
export const ended = (service: Service, count: number, seconds = 60): Promise<void> =>
  until(
    service,
    async () => {
      const events = await eventsOf(service);
      return events.length === count && events.every(({ timeDone }) => timeDone !== null);
    },
    seconds,
  );

const all = async <Body>({ stores }: Service, model: Model): Promise<ReadonlyArray<Body>> => {
  const query = { where: [], orderBy: [], offset: 0, limit: 10_000 };
  const found = must(await stores.readModels.reader(model).find(query)());
  return found.map(({ body }) => body as Body);
};
export const messagesOf = (service: Service) => all<MessageRow>(service, messagesModel);
export const decisionsOf = async (service: Service): Promise<ReadonlyArray<DecisionRow>> =>
  [...(await all<DecisionRow>(service, decisionsModel))].sort(
    (a, b) => a.eventId - b.eventId || a.depth - b.depth || (a.artifact < b.artifact ? -1 : 1),
  );

/** What was decided of each module: `[name, verdict, code]`, parents first. */
export const verdictsOf = async (service: Service) =>
  (await decisionsOf(service)).map(({ name, verdict, code }) => [name, verdict, code]);

/** The newest build of a module. */
export const buildOf = async (service: Service, name: string) =>
  (await buildsOf(service)).findLast((build) => build.name === name);

/** Puts messages on record as if a bus had brought them, in this order. */
export const deliver = async (
  { stores }: Service,
  ...messages: ReadonlyArray<unknown>
): Promise<void> => {
  const hand = { ...handOf(stores.log, 'test'), newId: randomUUID, transport: 'test' };
  for (const raw of messages) {
    const message = normalise(raw as Json, undefined, ['org.fedoraproject.prod']);
    if (E.isLeft(message)) throw new Error(message.left.reason);
    must(await appendMessage(hand)(message.right, 'real')());
  }
};
