import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { makeDataFolder, wipeRecord } from './config/data-folder.ts';
import { sandboxConfig, setAsideBySandbox } from './config/sandbox-config.ts';
import type { Config } from './config/settings.ts';
import type { Place } from './listening.ts';
import { tryListening } from './listening.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import { startSandboxProcess } from './sandbox-process.ts';

type Failure = { readonly code: string; readonly reason: string };
export type SandboxWish = {
  readonly port: number;
  readonly pace: number;
  readonly fresh: boolean;
};
export type Ground = { readonly config: Config; readonly sandbox: SandboxProcess | undefined };

/** What would stop a start after the wipe is found before it. */
const whyNotFresh = async (
  { host, port }: Config,
  sandbox: SandboxWish,
): Promise<Failure | undefined> => {
  const places: ReadonlyArray<Place> = [
    { host, port, option: '--port' },
    { host: '127.0.0.1', port: sandbox.port, option: '--sandbox-port' },
  ];
  for (const place of places) {
    const reason = await tryListening(place);
    if (reason !== undefined) return { code: 'cannot-listen', reason };
  }
  return undefined;
};

/** A data folder of its own and a running sandbox; left says what stands in the way and what to do. */
export const onSandbox = async (
  given: Config,
  wanted: SandboxWish,
): Promise<E.Either<Failure, Ground>> => {
  const setAside = setAsideBySandbox(given);
  if (setAside !== undefined) process.stdout.write(`${setAside}\n`);
  const data = join(given.data, 'sandbox');
  const made = makeDataFolder(data);
  if (E.isLeft(made)) return made;
  const obstacle = wanted.fresh ? await whyNotFresh(given, wanted) : undefined;
  if (obstacle !== undefined) return E.left(obstacle);
  const started = await startSandboxProcess({ ...wanted, folder: join(data, 'world') });
  if (E.isLeft(started)) return started;
  const sandbox = started.right;
  // The sandbox that runs has its world to itself, so nobody else serves this record.
  const wiped = wanted.fresh ? wipeRecord(data) : E.right(undefined);
  if (E.isRight(wiped)) {
    return E.right({ config: sandboxConfig({ ...given, data }, sandbox), sandbox });
  }
  await sandbox.stop();
  return wiped;
};

/** The data folder as configured; left says why it cannot be used. */
export const onRealServices = (config: Config): E.Either<Failure, Ground> => {
  const made = makeDataFolder(config.data);
  return E.isLeft(made) ? made : E.right({ config, sandbox: undefined });
};
