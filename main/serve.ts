import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import type { Backend } from './backend/backend.ts';
import { startBackend } from './backend/backend.ts';
import { clientsOf } from './backend/clients.ts';
import { backfillImages } from './backend/backfill-images.ts';
import { backfillModules } from './backend/backfill-modules.ts';
import type { Config } from './config/settings.ts';
import { exitFor } from './commands/exit-codes.ts';
import { policyAtStart } from './first-policy.ts';
import type { Frontend } from './frontend.ts';
import { startFrontend } from './frontend.ts';
import type { SandboxWish } from './ground.ts';
import { onRealServices, onSandbox } from './ground.ts';
import { hearingOf } from './hearing.ts';
import { handOf } from './identity.ts';
import type { Logger } from './logger.ts';
import { loggerFor } from './logger.ts';
import { narrate } from './narrate.ts';
import type { Stores } from './open-stores.ts';
import { openStores } from './open-stores.ts';
import type { SandboxProcess } from './sandbox-process.ts';

export type Roles = {
  readonly backend: boolean;
  readonly frontend: boolean;
  /** A small distribution of its own to work on; null for the real one. */
  readonly sandbox: SandboxWish | null;
};

type Failure = { readonly code: string; readonly reason: string };
type Running = {
  readonly stores: Stores;
  readonly backend: Backend | undefined;
  readonly frontend: Frontend | undefined;
};

const shipped = (file: string): string => {
  const up = import.meta.url.endsWith('.ts') ? '..' : '../..';
  return fileURLToPath(new URL(`${up}/ops/policies/${file}`, import.meta.url));
};

const withRoles = async (
  config: Config,
  roles: Roles,
  stores: Stores,
  logger: Logger,
): Promise<E.Either<Failure, Running>> => {
  const hand = handOf(stores.log, 'freshmaker');
  const adopted = await policyAtStart(hand, {
    named: config.policy,
    fallback: shipped(roles.sandbox === null ? 'example.yaml' : 'sandbox.yaml'),
  });
  if (E.isLeft(adopted)) return adopted;
  let backend: Backend | undefined = undefined;
  const faults = (): ReadonlyArray<string> => backend?.faults() ?? [];
  const hearing = hearingOf(config);
  const frontend = roles.frontend
    ? await startFrontend(config, stores, logger, faults, hearing)
    : E.right(undefined);
  if (E.isLeft(frontend)) return frontend;
  const clients = clientsOf(config, process.env);
  if (roles.sandbox !== null) {
    const modules = await backfillModules({ hand, mbs: clients.mbs }, () => undefined);
    const { koji } = clients;
    const filled = E.isLeft(modules)
      ? modules
      : await backfillImages({ hand, koji }, () => undefined);
    if (E.isLeft(filled)) {
      const { code, reason = code } = filled.left;
      return E.left({ code, reason });
    }
  }
  backend = roles.backend ? startBackend(config, stores, clients, logger, hearing) : undefined;
  return E.right({ stores, backend, frontend: frontend.right });
};

const start = async (config: Config, roles: Roles): Promise<E.Either<Failure, Running>> => {
  const stores = await openStores(config);
  if (E.isLeft(stores)) return stores;
  const running = await withRoles(config, roles, stores.right, loggerFor(config));
  if (E.isLeft(running)) await stores.right.close();
  return running;
};

const feeding = `
Nothing feeds it yet. Any of these does:
  npx freshmaker replay <file|folder|->        recorded messages, as a rehearsal
  npx freshmaker replay --act <file|folder|->  the same, for real
  FRESHMAKER_FEED_URL=<url>                    an HTTP feed of messages
Nothing is allowed until a policy allows it: npx freshmaker policy apply <file> --by <who> --why <why>
`;

const banner = (
  config: Config,
  { frontend }: Running,
  sandbox: SandboxProcess | undefined,
): string => {
  const lines = [
    ...(frontend === undefined
      ? ['Freshmaker runs without an API (backend only).']
      : [`Freshmaker answers at ${frontend.url}  ·  docs ${frontend.url}/docs`]),
    `Log and read models are in ${config.data}`,
    ...(sandbox === undefined ? [] : [`The sandbox distribution is at ${sandbox.url}`]),
  ];
  return `${lines.join('\n')}\n${sandbox === undefined && config.feedUrl === null ? feeding : ''}`;
};

const stopped = (): Promise<string> =>
  new Promise((done) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => done(signal));
  });

const runUntilStopped = async (
  config: Config,
  running: Running,
  sandbox: SandboxProcess | undefined,
): Promise<number> => {
  const watching = new AbortController();
  const stopping = stopped();
  const write = (text: string): void => void process.stdout.write(text);
  write(banner(config, running, sandbox));
  const told = narrate(running.stores.log, write, watching.signal).catch(() => undefined);
  const signal = await stopping;
  write(`${signal}: finishing what is under way …\n`);
  watching.abort();
  await running.frontend?.stop();
  // What does not end in time is found again at the next start.
  const hasEnded = (await running.backend?.stop(config.drain * 1000)) ?? true;
  await told;
  await running.stores.close();
  await sandbox?.stop();
  write(hasEnded ? 'Stopped.\n' : 'Stopped; calls under way are found again at the next start.\n');
  return 0;
};

const complain = ({ code, reason }: Failure): number => {
  process.stderr.write(`freshmaker: ${reason}\n`);
  return exitFor(code);
};

/** Runs the service in the given roles until SIGTERM or SIGINT; answers the exit code. */
export const serve = async (given: Config, roles: Roles): Promise<number> => {
  const ground =
    roles.sandbox === null ? onRealServices(given) : await onSandbox(given, roles.sandbox);
  if (E.isLeft(ground)) return complain(ground.left);
  const { config, sandbox } = ground.right;
  const running = await start(config, roles);
  if (E.isLeft(running)) {
    await sandbox?.stop();
    return complain(running.left);
  }
  return runUntilStopped(config, running.right, sandbox);
};
