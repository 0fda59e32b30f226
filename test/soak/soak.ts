// The whole stack under load while its parts are taken away: `npm run soak -- --help`.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import { verify } from '../../audit/verify.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import { startLoad } from './load.ts';
import { compareWithRebuild } from './models.ts';
import { readRecord } from './record.ts';
import { secondsUntilAtIt, settle } from './settle.ts';
import type { Stage, Victim } from './stage.ts';
import { setStage } from './stage.ts';
import type { Line } from './tally.ts';
import { isKept, tallyInWords, tallyOf } from './tally.ts';
import { askedOf, seededRows } from './world.ts';

const usage = `The whole stack on the sandbox, under load, while its parts are killed (kill -9) one after another:
RabbitMQ, MongoDB, the event store, each of two backends, the sandbox's services.

  npm run soak -- [options]

  --short            one round, the form CI runs
  --rounds <n>       rounds of kills (default 5)
  --every <ms>       a change every so often (default 400)
  --down <seconds>   how long each stays away (default 3)
  --seed <n>         of what is changed (default 1)
  --folder <path>    where all of it is kept, logs too; kept afterwards (default: a new one, removed)

It needs RabbitMQ (FRESHMAKER_TEST_RABBITMQ or rabbitmq-server) and mongod (MONGOMS_SYSTEM_BINARY); the
event store is the stand-in of the tests, a process of its own that keeps its data on disk.
Exit codes: 0 every promise kept, 1 one broken, 2 wrong use.
`;

type Course = {
  readonly rounds: number;
  readonly every: number;
  readonly down: number;
  readonly seed: number;
};

const began = performance.now();
const tell = (line: string): void => {
  const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(5);
  process.stdout.write(`${seconds} s  ${line}\n`);
};

const patience = 180_000;

const takeAway = async (stores: Stores, { name, server }: Victim, down: number): Promise<void> => {
  await server.kill();
  await pause(down * 1000);
  // A backend is replaced by its brother; anything else has to come back first.
  const isBackend = name.startsWith('backend');
  if (!isBackend) await server.start();
  const seconds = await secondsUntilAtIt(stores, patience);
  if (isBackend) {
    tell(`${name} killed: the other is at it ${(seconds + down).toFixed(1)} s after the kill`);
    await server.start();
    return;
  }
  tell(`${name} killed, back after ${down} s: at work ${seconds.toFixed(1)} s after its return`);
};

const storesOf = async (stage: Stage): Promise<Stores> => {
  const data = join(stage.folder, 'soak');
  mkdirSync(data, { recursive: true });
  const config = loadConfig({ ...stage.env, FRESHMAKER_DATA: data }, {});
  if (E.isLeft(config)) throw new Error(config.left.join('\n'));
  const stores = await openStores(config.right);
  if (E.isLeft(stores)) throw new Error(stores.left.reason);
  return stores.right;
};

const count = async (
  stage: Stage,
  stores: Stores,
  seeded: ReadonlySet<number>,
): Promise<ReadonlyArray<Line>> => {
  const verdict = await verify(stores.log)();
  if (E.isLeft(verdict)) throw new Error(verdict.left.reason);
  const { events, faults } = verdict.right;
  return tallyOf(
    await askedOf(stage.sandboxUrl, seeded),
    await readRecord(stores.log),
    await compareWithRebuild(stores, stage.folder),
    { events, faults: faults.map(({ at, code }) => `${at} ${code}`) },
  );
};

const soak = async (stage: Stage, course: Course): Promise<ReadonlyArray<Line>> => {
  const stores = await storesOf(stage);
  try {
    const seeded = await seededRows(stage.sandboxUrl);
    const load = await startLoad(stage.sandboxUrl, course.every, course.seed);
    await secondsUntilAtIt(stores, patience);
    for (let round = 1; round <= course.rounds; round += 1) {
      for (const victim of stage.victims) await takeAway(stores, victim, course.down);
      tell(`round ${round} of ${course.rounds} is over, ${load.taken()} changes so far`);
    }
    await load.stop();
    await settle(stores, stage.sandboxUrl, 2 * patience, tell);
    tell('everything is finished; counting');
    return await count(stage, stores, seeded);
  } finally {
    await stores.close();
  }
};

const number = (name: string, text: string): number => {
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && text.trim() !== '') return value;
  throw new TypeError(`--${name} is "${text}"; it must be a number from 0 on`);
};

const options = {
  short: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '5' },
  every: { type: 'string', default: '400' },
  down: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
  folder: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const run = async (folder: string, course: Course): Promise<number> => {
  tell('starting RabbitMQ, MongoDB, event store, sandbox, two backends and a frontend');
  const stage = await setStage(folder);
  tell(`all of them answer; the API is at ${stage.apiUrl}`);
  try {
    const lines = await soak(stage, course);
    process.stdout.write(`\n${tallyInWords(lines)}\n\n`);
    return isKept(lines) ? 0 : 1;
  } finally {
    await stage.stop();
  }
};

const main = async (): Promise<number> => {
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const course = {
    rounds: values.short ? 1 : number('rounds', values.rounds),
    every: number('every', values.every),
    down: number('down', values.down),
    seed: number('seed', values.seed),
  };
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'freshmaker-soak-'));
  mkdirSync(folder, { recursive: true });
  const code = await run(folder, course);
  if (values.folder === undefined && code === 0) rmSync(folder, { recursive: true, force: true });
  else tell(`everything is kept in ${folder}`);
  return code;
};

try {
  process.exitCode = await main();
} catch (error) {
  const isUse = error instanceof TypeError;
  process.stderr.write(
    `soak: ${error instanceof Error ? (isUse ? error.message : error.stack) : error}\n`,
  );
  process.exitCode = isUse ? 2 : 1;
}
