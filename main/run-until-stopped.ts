import type { Backend } from './backend/backend.ts';
import { endedWithin } from './backend/ended-within.ts';
import type { Ears } from './banner.ts';
import { banner } from './banner.ts';
import type { Config } from './config/settings.ts';
import { monotonic } from './identity.ts';
import type { Logger } from './logger.ts';
import { narrate, narrateAsJson } from './narrate.ts';
import type { Stores } from './open-stores.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import type { Stopping } from './stopping.ts';

export type Running = Ears & {
  readonly stores: Stores;
  readonly backend: Backend | undefined;
  readonly logger: Logger;
};

const write = (text: string): void => void process.stdout.write(text);

/** A backend that nobody looks on tells its facts to those who collect logs. */
const tellOn = ({ stores, backend, frontend, logger }: Running, signal: AbortSignal) => {
  const isAlone = backend !== undefined && frontend === undefined && !process.stdout.isTTY;
  return isAlone
    ? narrateAsJson(stores.log, logger.pino, signal)
    : narrate(stores.log, write, signal);
};

/** Milliseconds that answers under way are given even when nothing of `drain` is left. */
const leastForAnswers = 1000;

/**
 * Intake stops, calls under way end; meanwhile /readyz says `stopping` and questions are answered.
 * False when `drain` was not enough.
 */
const drained = async (config: Config, running: Running): Promise<boolean> => {
  const until = monotonic() + config.drain * 1000;
  const hasEnded = (await running.backend?.stop(config.drain * 1000)) ?? true;
  const ears = [running.frontend, running.health].flatMap((one) => (one ? [one.stop()] : []));
  const left = Math.max(leastForAnswers, until - monotonic());
  return (await endedWithin(ears, left)) && hasEnded;
};

/** Milliseconds for what is left after the drain: a store that hangs must not keep a process until it is killed. */
const longestTidying = 5000;

const tidied = async ({ logger, stores }: Running, told: Promise<void>): Promise<void> => {
  await endedWithin([told, logger.close()], longestTidying / 2);
  await stores.close();
};

/** Tells what happens until the process is asked to stop, then stops it; answers the exit code. */
export const runUntilStopped = async (
  config: Config,
  running: Running,
  sandbox: SandboxProcess | undefined,
  stopping: Stopping,
): Promise<number> => {
  const watching = new AbortController();
  const asked = stopping.asked();
  write(banner(config, running, sandbox));
  const told = tellOn(running, watching.signal).catch(running.logger.bug);
  const signal = await asked;
  write(`${signal}: finishing what is under way …\n`);
  const hasEnded = await drained(config, running);
  watching.abort();
  await endedWithin([tidied(running, told)], longestTidying);
  await sandbox?.stop();
  // What did not end in time is found again at the next start.
  write(hasEnded ? 'Stopped.\n' : 'Stopped; calls under way are found again at the next start.\n');
  return 0;
};
