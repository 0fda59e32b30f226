// The whole stack under load while its parts are taken away: `npm run soak -- --help`.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { verify } from '../../audit/verify.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import { startLoad } from './load.ts';
import { compareWithRebuild } from './models.ts';
import { readRecord } from './record.ts';
import {
  allModelsTold,
  headOfLog,
  markOf,
  messagesFromBroker,
  secondsUntilPast,
  settle,
} from './settle.ts';
import type { Killable } from '../support/killable.ts';
import type { Stage, Victim } from './stage.ts';
import { setStage } from './stage.ts';
import type { Line } from './tally.ts';
import { isKept, tallyInWords, tallyOf } from './tally.ts';
import type { Course } from './wishes.ts';
import { usage, wishesOf } from './wishes.ts';
import { askedOf, seededRows } from './world.ts';

const began = performance.now();
const tell = (line: string): void => {
  const seconds = ((performance.now() - began) / 1000).toFixed(0).padStart(5);
  process.stdout.write(`${seconds} s  ${line}\n`);
};

const patience = 180_000;

/** Kills it in the middle of the work, and tells how long it takes until all of it goes on. */
const takeAway = async (stores: Stores, { name, server }: Victim, down: number): Promise<void> => {
  const growing = name === 'RabbitMQ' ? messagesFromBroker : allModelsTold;
  const mark = await markOf(stores, name === 'RabbitMQ' ? messagesFromBroker : headOfLog);
  await server.kill();
  if (name.startsWith('backend')) {
    const seconds = await secondsUntilPast(stores, growing, mark, patience);
    tell(`${name} killed: the other does all of its work ${seconds.toFixed(1)} s after the kill`);
    await pause(down * 1000);
    await server.start();
    return;
  }
  await pause(down * 1000);
  await server.start();
  const seconds = await secondsUntilPast(stores, growing, mark, patience);
  tell(`${name} killed, away for ${down} s: all goes on ${seconds.toFixed(1)} s after its return`);
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
    await secondsUntilPast(stores, allModelsTold, await markOf(stores, headOfLog), patience);
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

const putAway = async (begun: ReadonlyArray<Killable>): Promise<void> => {
  for (const server of begun) await server.stop();
};

/** Interrupted, it leaves no server behind. */
const putAwayAtSignals = (begun: ReadonlyArray<Killable>): void => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void putAway(begun).finally(() => process.exit(130)));
  }
};

const run = async (folder: string, course: Course): Promise<number> => {
  tell('starting RabbitMQ, MongoDB, event store, sandbox, two backends and a frontend');
  const begun: Array<Killable> = [];
  putAwayAtSignals(begun);
  try {
    const stage = await setStage(folder, begun);
    tell(`all of them answer; the API is at ${stage.apiUrl}`);
    const lines = await soak(stage, course);
    process.stdout.write(`\n${tallyInWords(lines)}\n\n`);
    return isKept(lines) ? 0 : 1;
  } finally {
    await putAway(begun);
  }
};

const main = async (): Promise<number> => {
  const { course, folder: given } = wishesOf(process.argv.slice(2));
  if (course === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const folder = given ?? mkdtempSync(join(tmpdir(), 'freshmaker-soak-'));
  mkdirSync(folder, { recursive: true });
  const code = await run(folder, course);
  if (given === undefined && code === 0) rmSync(folder, { recursive: true, force: true });
  else tell(`everything is kept in ${folder}`);
  return code;
};

const inWords = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error instanceof TypeError ? error.message : (error.stack ?? error.message);
};

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`soak: ${inWords(error)}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
