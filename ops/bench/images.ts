import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Decision } from '../../domain/trigger/decision.ts';
import type { WaveFacts } from '../../domain/wave/facts.ts';
import { planWave } from '../../domain/wave/plan.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { askImages } from '../../projectors/image-index/ask.ts';
import { imageIndexModel } from '../../projectors/image-index/row.ts';
import { imagesModel } from '../../projectors/images/row.ts';
import { recordImageContents } from '../../sagas/record-image-contents.ts';
import { appOver } from './app-over.ts';
import type { ImageWorld } from './image-history.ts';
import { imageChunk, imageContents, packages } from './image-history.ts';
import type { Told } from './image-index.ts';
import { tellImages } from './image-index.ts';
import type { Figure } from './measure.ts';
import { measured, perSecond } from './measure.ts';
import { appendAll, inFolder, must, openLog } from './world.ts';

const wanted = Number(process.env['FRESHMAKER_BENCH_IMAGES'] ?? 5000);
const images = Math.min(2500, Math.max(1, Math.ceil(wanted / 5)));

/** By default 1,000 images built 5 times each; 100,000 builds are 2,500 images built 40 times. */
const world: ImageWorld = { images, rounds: Math.max(1, Math.round(wanted / images)), rpms: 300 };
const builds = world.images * world.rounds;

/** A figure that is measured against a promise instead of a ceiling. */
const promised = (
  name: string,
  unit: string,
  ours: number,
  ceiling: number,
  isTime: boolean,
): Figure => {
  const ratio = ours / ceiling;
  const isMet = isTime ? ratio <= 1 : ratio >= 1;
  return { name, unit, ours, ceiling, ratio, target: 1, isMet };
};

const percentile = (times: ReadonlyArray<number>, share: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ??
  Number.NaN;

/** Milliseconds of each of `count` look-ups, of one package after another in no order. */
const timed = async (
  count: number,
  look: (rpm: string) => Promise<unknown>,
): Promise<ReadonlyArray<number>> => {
  const times: Array<number> = [];
  for (let index = 0; index < count; index += 1) {
    const rpm = `package-${(index * 2_654_435 + 17) % packages}`;
    const begun = performance.now();
    await look(rpm);
    times.push(performance.now() - begun);
  }
  return times;
};

const lookUps = async ({ readModels }: Told): Promise<ReadonlyArray<Figure>> => {
  const { reader } = readModels;
  const index = askImages(reader(imageIndexModel), reader(imagesModel));
  const app = appOver(readModels);
  const page = (held: string) => (rpm: string) =>
    app.inject(`/api/2/images/?package=${rpm}&held=${held}`);
  const all = (rpm: string) => must(index.everHeld(rpm));
  const figures: Array<Figure> = [];
  for (const [what, look] of [
    ['a page of images that ever held a package', page('ever')],
    ['a page of images that hold it now', page('now')],
    ['all images that ever held it', all],
  ] as const) {
    await timed(50, look);
    const times = await timed(1000, look);
    for (const [name, share] of [['p50', 0.5] as const, ['p99', 0.99] as const]) {
      figures.push(promised(`${what}, ${name}`, 'ms', percentile(times, share), 10, true));
    }
  }
  await app.close();
  return figures;
};

const tellingFigures = ({ seconds, sampled, peakMegabytes }: Told): ReadonlyArray<Figure> => {
  const [ours, ceiling] = [sampled.rows / sampled.ours, sampled.rows / sampled.plain];
  const ratio = ours / ceiling;
  // 100,000 builds within ten minutes.
  const enough = 100_000 / 600;
  const name = `image index, ${builds.toLocaleString('en')} builds`;
  return [
    {
      name: `${name}, plain rows`,
      unit: 'rows/s',
      ours,
      ceiling,
      ratio,
      target: 0.2,
      isMet: ratio >= 0.2,
    },
    promised(`${name}, told`, 'builds/s', builds / seconds, enough, false),
    promised(`${name}, most memory`, 'MB', peakMegabytes, 512, true),
  ];
};

const wave = 2000;

/** Images on images, four on each, which makes it six deep. */
const waveFacts = (): WaveFacts => {
  const artifact = (index: number): string => `image:image-${index}:f28`;
  const evidence = { image: 'image-1-1', held: 'bash-4.4-1', update: 'bash-4.4-2', build: 'b' };
  return {
    direct: Array.from({ length: wave }, (_, index) => ({
      ...{ artifact: artifact(index), kind: 'image' as const, name: `image-${index}` },
      ...{ branch: 'f28', code: 'holds-older-version', evidence },
    })),
    edges: Array.from({ length: wave - 1 }, (_, index) => ({
      ...{ on: artifact(Math.floor(index / 4)), dependent: artifact(index + 1) },
    })),
    ...{ trigger: 'BodhiUpdateCompleteStableEvent', policyVersion: 'p' },
    judge: () => ({ verdict: 'yes', code: 'allowed', rule: 'all-images' }),
  };
};

const millisecondsOf = (work: () => unknown): number => {
  const begun = performance.now();
  work();
  return performance.now() - begun;
};

const planning = async (): Promise<Figure> => {
  const facts = waveFacts();
  const plan = planWave(facts);
  const deepest = (decisions: ReadonlyArray<Decision>): number => {
    const steps = new Map<string, number>();
    for (const { artifact, waitsFor } of decisions) {
      steps.set(artifact, Math.max(0, ...waitsFor.map((parent) => (steps.get(parent) ?? 0) + 1)));
    }
    return Math.max(...steps.values());
  };
  if (plan.length !== wave || deepest(plan) < 5) throw new Error('that is no deep wave');
  return measured({
    ...{ name: `plan a wave of ${wave} images, against copying it as JSON`, unit: 'ms' },
    ...{ isTime: true, target: 5, rounds: 9 },
    ours: () => Promise.resolve(millisecondsOf(() => planWave(facts))),
    ceiling: () =>
      Promise.resolve(
        millisecondsOf(() => [facts, plan].map((one) => JSON.stringify(one)).map(parsed)),
      ),
  });
};
const parsed = (text: string): unknown => JSON.parse(text) as unknown;

const perRound = 500;

/** Records the contents of one round of builds, as many in flight as a log takes at once. */
const recordAll = async (log: EventLog, from: number): Promise<void> => {
  const hand = { log, newId: randomUUID, now, actor: 'bench', codeVersion: '0' };
  for (let index = from; index < from + perRound; index += inFlight) {
    const group = Array.from({ length: inFlight }, (_, at) => contentsOf(index + at));
    const done = await Promise.all(
      group.map((contents) => recordImageContents(hand, { correlationId: 'bench' }, contents)),
    );
    if (!done.every(E.isRight)) throw new Error('the log refused contents');
  }
};
const inFlight = 100;
const now = (): string => new Date().toISOString();
const contentsOf = (index: number) => imageContents(world, index);

/** Contents recorded as they are in production, against sealing and appending as many bytes. */
const recording = async (folder: string): Promise<Figure> => {
  const log = await openLog(join(folder, 'log.db'));
  let next = 0;
  const chunks = (from: number) =>
    Array.from({ length: perRound }, (_, at) => imageChunk(world, from + at));
  const figure = await measured({
    ...{ name: 'record contents of images', unit: 'images/s', target: 0.8, rounds: 5 },
    ours: async () => {
      const from = (next += perRound);
      return perSecond(perRound, () => recordAll(log, from));
    },
    ceiling: () => {
      const from = (next += perRound);
      return perSecond(perRound, () => appendAll(log, chunks(from)));
    },
  });
  await log.close();
  return figure;
};

/** Images: how fast the index is told and answers, waves are planned, and contents recorded. */
export const benchImages = (): Promise<ReadonlyArray<Figure>> =>
  inFolder(async (folder) => {
    const told = await tellImages(folder, world);
    const figures = [...tellingFigures(told), ...(await lookUps(told))];
    await told.readModels.close();
    return [...figures, await planning(), await recording(folder)];
  });
