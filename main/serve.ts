import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import type { TellMetrics } from '../query-api/metrics/route.ts';
import { startBackendHealth } from './backend-health.ts';
import { startBackend } from './backend/backend.ts';
import type { Ears } from './banner.ts';
import type { Clients } from './backend/clients.ts';
import { clientsOf } from './backend/clients.ts';
import { backfillImages } from './backend/backfill-images.ts';
import { backfillModules } from './backend/backfill-modules.ts';
import type { Config } from './config/settings.ts';
import { exit, exitFor } from './commands/exit-codes.ts';
import { correlationFrom } from './correlation.ts';
import { policyAtStart } from './first-policy.ts';
import { startFrontend } from './frontend.ts';
import type { SandboxWish } from './ground.ts';
import { onRealServices, onSandbox } from './ground.ts';
import type { Standing } from './health.ts';
import { hearingOf, hearsNothing } from './hearing.ts';
import { codeVersion, handOf, monotonic } from './identity.ts';
import type { Logger } from './logger.ts';
import { loggerFor } from './logger.ts';
import { countedClients, countHere } from './metrics/calls.ts';
import { metricsOf } from './metrics/metrics.ts';
import type { Stores } from './open-stores.ts';
import { openStores } from './open-stores.ts';
import type { Running } from './run-until-stopped.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import type { Stopping } from './stopping.ts';
import { stoppingOn } from './stopping.ts';

export type Roles = {
  readonly backend: boolean;
  readonly frontend: boolean;
  /** A small distribution of its own to work on; null for the real one. */
  readonly sandbox: SandboxWish | null;
};

type Failure = { readonly code: string; readonly reason: string };

const shipped = (file: string): string => {
  const up = import.meta.url.endsWith('.ts') ? '..' : '../..';
  return fileURLToPath(new URL(`${up}/ops/policies/${file}`, import.meta.url));
};

/** The HTTP side: the API, or in a backend without one its health and metrics alone. */
const listenAs = async (
  { frontend }: Roles,
  config: Config,
  stores: Stores,
  logger: Logger,
  standing: Standing & { readonly metrics: TellMetrics },
): Promise<E.Either<Failure, Ears>> => {
  const start = frontend ? startFrontend : startBackendHealth;
  const started = await start(config, stores, logger, standing);
  if (E.isLeft(started)) return started;
  const [api, health] = frontend ? [started.right, undefined] : [undefined, started.right];
  return E.right({ frontend: api, health });
};

/** A sandbox begins with everything that was ever built in it. */
const backfillSandbox = async (
  stores: Stores,
  { mbs, koji }: Clients,
): Promise<E.Either<Failure, undefined>> => {
  const hand = handOf(stores.log, 'freshmaker');
  const modules = await backfillModules({ hand, mbs }, () => undefined);
  const filled = E.isLeft(modules)
    ? modules
    : await backfillImages({ hand, koji }, () => undefined);
  if (E.isRight(filled)) return E.right(undefined);
  const { code, reason = code } = filled.left;
  return E.left({ code, reason });
};

const withRoles = async (
  config: Config,
  roles: Roles,
  stores: Stores,
  logger: Logger,
  stopping: Stopping,
): Promise<E.Either<Failure, Running>> => {
  const adopted = await policyAtStart(handOf(stores.log, 'freshmaker'), {
    named: config.policy,
    fallback: shipped(roles.sandbox === null ? 'example.yaml' : 'sandbox.yaml'),
  });
  if (E.isLeft(adopted)) return adopted;
  let backend: Running['backend'] = undefined;
  const hearing = roles.backend ? hearingOf(config) : hearsNothing;
  const counted = countHere();
  const own = {
    version: codeVersion,
    faults: (): ReadonlyArray<string> => backend?.faults() ?? [],
    heartbeats: () => backend?.heartbeats() ?? [],
  };
  const metrics = metricsOf({ stores, own, hearing, counted, clock: Date.now });
  const faults = (): ReadonlyArray<string> => [...stopping.reasons(), ...own.faults()];
  const standing = { faults, silence: hearing, needsLog: roles.backend, metrics };
  const listening = await listenAs(roles, config, stores, logger, standing);
  if (E.isLeft(listening)) return listening;
  const clients = countedClients(clientsOf(config, process.env), counted.called);
  const filled =
    roles.sandbox === null ? E.right(undefined) : await backfillSandbox(stores, clients);
  if (E.isLeft(filled)) return filled;
  backend = roles.backend ? startBackend(config, stores, clients, logger, { hearing }) : undefined;
  return E.right({ stores, backend, logger, ...listening.right });
};

const start = async (
  config: Config,
  roles: Roles,
  stopping: Stopping,
): Promise<E.Either<Failure, Running>> => {
  const stores = await openStores(config);
  if (E.isLeft(stores)) return stores;
  const logger = loggerFor(config, correlationFrom(stores.right.log));
  const running = await withRoles(config, roles, stores.right, logger, stopping);
  if (E.isLeft(running)) await stores.right.close();
  return running;
};

/** Who types `serve` chose the port; a port of a unit may be free when it is started again. */
const exitOf = ({ backend, frontend }: Roles, code: string): number =>
  backend && frontend && code === 'cannot-listen' ? exit.usage : exitFor(code);

const complain = (roles: Roles, { code, reason }: Failure): number => {
  process.stderr.write(`freshmaker: ${reason}\n`);
  return exitOf(roles, code);
};

/** Runs the service in the given roles until SIGTERM or SIGINT; answers the exit code. */
export const serve = async (given: Config, roles: Roles): Promise<number> => {
  const ground =
    roles.sandbox === null ? onRealServices(given) : await onSandbox(given, roles.sandbox);
  if (E.isLeft(ground)) return complain(roles, ground.left);
  const { config, sandbox } = ground.right;
  const stopping = stoppingOn({
    write: (text) => void process.stdout.write(text),
    exit: (code) => process.exit(code),
    monotonic,
  });
  const running = await start(config, roles, stopping);
  if (E.isLeft(running)) {
    await sandbox?.stop();
    return complain(roles, running.left);
  }
  return runUntilStopped(config, running.right, sandbox, stopping);
};
