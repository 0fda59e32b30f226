import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Killable } from '../support/killable.ts';
import { startEventStore } from '../support/eventstore/process.ts';
import { databaseIn, startMongod } from '../support/mongod.ts';
import { startRabbit } from '../support/rabbitmq.ts';
import { childOf } from './child.ts';
import { runCommand } from './command.ts';
import { freePorts } from './ports.ts';

/** Everything that runs, and where it is. */
export type Stage = {
  readonly folder: string;
  readonly sandboxUrl: string;
  readonly apiUrl: string;
  /** What a process needs to know to take part. */
  readonly env: Readonly<Record<string, string>>;
  /** In the order in which they are taken away. */
  readonly victims: ReadonlyArray<Victim>;
};
export type Victim = { readonly name: string; readonly server: Killable };

type Start<A> = (options: { readonly folder: string }) => Promise<A>;

const cli = 'dist/main/cli.js';

const sandboxArgs = (folder: string, port: number, amqpUrl: string): ReadonlyArray<string> => [
  ...['dist/ops/sandbox/cli.js', '--data', join(folder, 'sandbox'), '--port', String(port)],
  ...['--amqp', amqpUrl, '--build-time', '1500', '--step-time', '100', '--fail-rate', '0.02'],
];

type Addresses = {
  readonly log: string;
  readonly mongodb: string;
  readonly amqp: string;
  readonly sandbox: string;
};

/** Without datagrepper: what the queue would lose would stay lost, and be counted. */
const environmentOf = ({ log, mongodb, amqp, sandbox }: Addresses) => ({
  FRESHMAKER_EVENTSTORE: log,
  FRESHMAKER_MONGODB: mongodb,
  FRESHMAKER_AMQP_URL: amqp,
  FRESHMAKER_AMQP_BINDINGS: 'amq.topic:#,zmq.topic:#',
  FRESHMAKER_MBS_URL: `${sandbox}/module-build-service`,
  FRESHMAKER_GIT_URL: `${sandbox}/git`,
  FRESHMAKER_KOJI_URL: `${sandbox}/kojihub`,
  FRESHMAKER_KOJI_LOGIN: 'plain',
  FRESHMAKER_KOJI_TIMEOUT: '5',
  FRESHMAKER_ODCS_URL: `${sandbox}/odcs/api/1`,
  FRESHMAKER_ODCS_TIMEOUT: '5',
  FRESHMAKER_BODHI_URL: `${sandbox}/bodhi`,
  FRESHMAKER_MBS_SUBMIT_TIMEOUT: '5',
  FRESHMAKER_MBS_READ_TIMEOUT: '5',
  FRESHMAKER_POLL_EVERY: '2',
  FRESHMAKER_LOOK_AGAIN_EVERY: '2',
  FRESHMAKER_RECONCILE_EVERY: '20',
  FRESHMAKER_POLICY: 'ops/policies/sandbox.yaml',
});

type Part = { readonly name: string; readonly folder: string; readonly port: number };

const backendOf = ({ name, folder, port }: Part, env: Readonly<Record<string, string>>): Killable =>
  childOf({
    args: [cli, 'backend'],
    env: { ...env, FRESHMAKER_DATA: join(folder, name), FRESHMAKER_HEALTH_PORT: String(port) },
    logFile: join(folder, `${name}.log`),
    readyUrl: `http://127.0.0.1:${port}/healthz`,
  });

const frontendOf = (
  { name, folder, port }: Part,
  env: Readonly<Record<string, string>>,
): Killable =>
  childOf({
    args: [cli, 'frontend', '--port', String(port)],
    env: { ...env, FRESHMAKER_DATA: join(folder, name) },
    logFile: join(folder, `${name}.log`),
    readyUrl: `http://127.0.0.1:${port}/healthz`,
  });

type Servers = Addresses & {
  readonly rabbit: Killable;
  readonly mongod: Killable;
  readonly eventStore: Killable;
  readonly sandboxServer: Killable;
};

const startServers = async (folder: string, begun: Array<Killable>): Promise<Servers> => {
  const [sandboxPort = 0] = await freePorts(1);
  const begin = async <A extends Killable>(name: string, start: Start<A>): Promise<A> => {
    const own = join(folder, name);
    mkdirSync(own, { recursive: true });
    const server = await start({ folder: own });
    begun.unshift(server);
    return server;
  };
  const rabbit = await begin('rabbitmq', startRabbit);
  const mongod = await begin('mongod', startMongod);
  const eventStore = await begin('eventstore', startEventStore);
  const sandbox = `http://127.0.0.1:${sandboxPort}`;
  const sandboxServer = childOf({
    args: sandboxArgs(folder, sandboxPort, rabbit.url),
    env: {},
    logFile: join(folder, 'sandbox.log'),
    readyUrl: sandbox,
  });
  begun.unshift(sandboxServer);
  await sandboxServer.start();
  const addresses = {
    ...{ log: eventStore.connectionString, mongodb: databaseIn(mongod.url, 'freshmaker') },
    ...{ amqp: rabbit.url, sandbox },
  };
  return { ...addresses, rabbit, mongod, eventStore, sandboxServer };
};

/**
 * Starts servers, sandbox, two backends and a frontend; what is in MBS and Koji is on record then.
 * What has begun is put first in `begun`, also where something else cannot be started.
 */
export const setStage = async (folder: string, begun: Array<Killable>): Promise<Stage> => {
  const servers = await startServers(folder, begun);
  const [apiPort = 0, one = 0, two = 0] = await freePorts(3);
  const env = environmentOf(servers);
  for (const what of ['modules', 'images']) {
    const filling = { ...env, FRESHMAKER_DATA: join(folder, 'backfill') };
    await runCommand([cli, 'backfill', what], filling, join(folder, 'backfill.log'));
  }
  const first = backendOf({ name: 'backend-1', folder, port: one }, env);
  const second = backendOf({ name: 'backend-2', folder, port: two }, env);
  const frontend = frontendOf({ name: 'frontend', folder, port: apiPort }, env);
  begun.unshift(first, second, frontend);
  await Promise.all([first, second, frontend].map((each) => each.start()));
  const victims = [
    { name: 'RabbitMQ', server: servers.rabbit },
    { name: 'MongoDB', server: servers.mongod },
    { name: 'the event store', server: servers.eventStore },
    { name: 'backend 1', server: first },
    { name: 'backend 2', server: second },
    { name: 'the sandbox (MBS, Koji, ODCS, Bodhi, dist-git)', server: servers.sandboxServer },
  ];
  return {
    folder,
    sandboxUrl: servers.sandbox,
    apiUrl: `http://127.0.0.1:${apiPort}`,
    env,
    victims,
  };
};
