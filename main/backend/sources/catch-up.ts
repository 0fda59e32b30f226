import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { catchUp as decider } from '../../../domain/catch-up/catch-up.ts';
import { catchUpStream } from '../../../domain/stream-names.ts';
import { loadStream } from '../../../event-log/carry-out.ts';
import type { LogFailure, RecordedEvent } from '../../../event-log/event-log.ts';
import { pauseAfter } from '../../../ingest/feed/follow-feed.ts';
import type { SourceRow } from '../../../projectors/sources/row.ts';
import { sourcesModel } from '../../../projectors/sources/row.ts';
import { doubtfulCatchUpTopics } from '../../config/catch-up-topics.ts';
import { liveTransports } from '../../hearing.ts';
import { monotonic, newOwner } from '../../identity.ts';
import { newsOnly } from '../../repeats.ts';
import type { CatchUp } from '../catch-up.ts';
import { catchUpOf, realmFor } from '../catch-up.ts';
import { followOn } from '../follow-on.ts';
import { gapsAfter, isBehind } from '../gaps.ts';
import type { SourceDeps, StartSource } from './source.ts';

const name = 'The catch-up';

/** Milliseconds of the first pause after a failure, and of the longest. */
const pauses = { first: 1000, longest: 30_000 };

type Report = (level: 'info' | 'warn', sentence: string) => void;
type Part = Pick<SourceDeps, 'config' | 'stores'> & {
  readonly catchUp: CatchUp;
  readonly report: Report;
  readonly beat: () => void;
  /** Of troubles that go on, one sentence is enough. */
  readonly isNews: (sentence: string) => boolean;
};

/** Whether a run was begun and not brought to its end; what cannot be read may be one. */
const isUnfinished = async ({ config, stores }: Part): Promise<boolean> => {
  const stream = catchUpStream(realmFor(config));
  const loaded = await loadStream(stores.log)(stream, decider);
  return E.isLeft(loaded) || loaded.right.state.byItself.running !== null;
};

/** When the newest message of each live source was put on record; undefined where none is known. */
const newestOf = ({ config, stores }: Part): Promise<ReadonlyArray<number | undefined>> =>
  Promise.all(
    liveTransports(config).map(async (transport) => {
      const row = await stores.readModels.reader(sourcesModel).get(transport)();
      const body = E.isRight(row) ? (row.right?.body as SourceRow | undefined) : undefined;
      return body === undefined ? undefined : Date.parse(body.lastObservedAt);
    }),
  );

const isNeeded = async (part: Part): Promise<boolean> => {
  const started = Date.now();
  const newest = await newestOf(part);
  return isBehind(newest, started, part.config.catchUpAfter * 1000) || isUnfinished(part);
};

/** Tries until all is on record, or the signal; what is refused is left to the next reconcile. */
const untilCaughtUp = async (
  { catchUp, report, beat, isNews }: Part,
  signal: AbortSignal,
): Promise<void> => {
  const isOver = (): boolean => signal.aborted;
  for (let failures = 1; !isOver(); failures += 1) {
    beat();
    const caught = await catchUp('gap', signal);
    if (E.isRight(caught) || isOver()) return;
    const milliseconds = pauseAfter(failures, pauses, Math.random);
    const trouble = `catch-up: ${caught.left.reason}; it is tried again, and what comes live is not held up`;
    if (isNews(trouble)) report('warn', trouble);
    if (caught.left.code === 'datagrepper-refused') return;
    // Only the signal ends a pause early, and then the loop ends by itself.
    await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  }
};

const transportOf = ({ data }: RecordedEvent): string =>
  typeof data['transport'] === 'string' ? data['transport'] : '';

/**
 * Follows the log; a live source that speaks after a long silence may have lost what came meanwhile.
 * Each call goes on where the last one failed, with the silences known by then.
 */
const watchLive = (
  part: Part,
  signal: AbortSignal,
): (() => Promise<E.Either<LogFailure, void>>) => {
  const { config, stores, report, beat } = part;
  const gaps = gapsAfter(Date.now(), config.catchUpAfter * 1000);
  const live = new Set(liveTransports(config));
  const watch = followOn({
    log: stores.log,
    filter: { types: ['MessageObserved'] },
    tell: async (events) => {
      const [late] = events.filter(
        (event) =>
          live.has(transportOf(event)) &&
          gaps.spoke(transportOf(event), Date.parse(event.metadata.recordedAt)),
      );
      if (late === undefined) return;
      report(
        'info',
        `catch-up: ${transportOf(late)} speaks after a long silence; what it may have lost is fetched`,
      );
      await untilCaughtUp(part, signal);
    },
    beat,
  });
  return () => watch(signal);
};

const run = async (part: Part, onFault: (error: unknown) => void, signal: AbortSignal) => {
  const isOver = (): boolean => signal.aborted;
  if (await isNeeded(part)) await untilCaughtUp(part, signal);
  const watch = watchLive(part, signal);
  const once = async (): Promise<void> => {
    const ended = await watch();
    if (E.isRight(ended)) return;
    const trouble = `catch-up: ${ended.left.reason}; silences of sources are watched for again once the log can be read`;
    if (part.isNews(trouble)) part.report('warn', trouble);
  };
  while (!isOver()) {
    part.beat();
    await once().catch(onFault);
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
};

/** What live sources have missed, out of datagrepper: at the start, and after a long silence. */
export const startCatchUp: StartSource = ({ config, stores, logger, beatOf }, signal) => {
  const report: Report = (level, sentence) => logger.pino[level]({ part: name }, sentence);
  const beat = (): void => beats();
  const catchUp = catchUpOf({ config, stores, owner: newOwner(), report, beat });
  if (catchUp === null) return [];
  for (const doubt of doubtfulCatchUpTopics(config)) report('warn', `catch-up: ${doubt}`);
  const beats = beatOf(name, 120_000); // a page of datagrepper alone may take a minute
  const part = { config, stores, catchUp, report, beat, isNews: newsOnly(monotonic) };
  return [[name, run(part, logger.bug, signal).then(E.right)]];
};
