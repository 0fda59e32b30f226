import type { Either } from 'fp-ts/lib/Either.js';
import * as E from 'fp-ts/lib/Either.js';
import { logStream } from '../../domain/log/events.ts';
import type { Realm } from '../../domain/stream-names.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import type { Aim } from '../../ingest/datagrepper/aim.ts';
import type { CatchUpDeps as Deps, CaughtUp } from '../../ingest/datagrepper/catch-up.ts';
import { catchUpWith } from '../../ingest/datagrepper/catch-up.ts';
import { searchAt } from '../../ingest/datagrepper/search.ts';
import { topicsOfFlows } from '../../ingest/datagrepper/wanted-topics.ts';
import type { Config } from '../config/settings.ts';
import { handOf, monotonic, newId } from '../identity.ts';
import type { Stores } from '../open-stores.ts';

export type NotCaughtUp = { readonly code: string; readonly reason: string };

/**
 * Fetches from datagrepper what every source has missed, up to a few seconds ago: right once all
 * of it is on record, whoever of several processes fetched it. Left says why it is not; what was
 * fetched is on record, and the next call goes on from there. `interrupted` when the signal fired.
 */
export type CatchUp = (
  why: 'gap' | 'reconcile',
  signal: AbortSignal,
) => Promise<Either<NotCaughtUp, CaughtUp>>;

export type CatchUpDeps = {
  readonly config: Config;
  readonly stores: Pick<Stores, 'log'>;
  /** This process, for as long as it runs. */
  readonly owner: string;
  /** Told in sentences what goes wrong, and what came of it. */
  readonly report: (level: 'info' | 'warn', sentence: string) => void;
  /** Called after each page, and at least every minute while another process is waited for. */
  readonly beat?: () => void;
};

/** Milliseconds until what was published counts as stored; the overlap covers what takes longer. */
export const settle = 5000;

/** The transport that messages from datagrepper are on record with. */
export const catchUpTransport = 'datagrepper';

/** Exact topics with their prefixes; all when empty. */
const topicsAsked = ({ catchUpTopics, topicPrefixes }: Config): ReadonlyArray<string> => {
  if (catchUpTopics.includes('#')) return [];
  return catchUpTopics.length > 0 ? catchUpTopics : topicsOfFlows(topicPrefixes);
};

/** Where what is fetched is put on record. */
export const realmFor = ({ rehearsal }: Pick<Config, 'rehearsal'>): Realm =>
  rehearsal ? 'rehearsal' : 'real';

/** What the walks of one process work with; `base` is where datagrepper is. */
export const walkDepsOf = (
  config: Config,
  { log, actor, owner }: { log: EventLog; actor: string; owner: string },
  base: string,
): Deps => ({
  ingest: {
    ...handOf(log, actor),
    ...{ transport: catchUpTransport, accepted: config.topicPrefixes },
  },
  realm: realmFor(config),
  search: searchAt(base),
  topics: topicsAsked(config),
  ...{ owner: `${owner}/${newId().slice(0, 4)}`, cache: new Map(), monotonic },
});

/** When the log was created. */
const beginningOf = async (log: EventLog): Promise<Either<LogFailure, string>> =>
  E.map((events: ReadonlyArray<{ readonly metadata: { readonly recordedAt: string } }>) => {
    return events[0]?.metadata.recordedAt ?? new Date().toISOString();
  })(await log.readStream(logStream, 0, 1)());

const aimOf = async (
  { config, stores }: CatchUpDeps,
  why: 'gap' | 'reconcile',
  began: string,
): Promise<Either<NotCaughtUp, Aim>> =>
  E.map((logBegan: string): Aim => {
    const [overlap, longest] = [config.catchUpOverlap * 1000, config.catchUpLongest * 1000];
    return { why, began, logBegan, rules: { overlap, longest, settle } };
  })(await beginningOf(stores.log));

const missedSentence = ({ messages, missed }: CaughtUp): string =>
  `catch-up: of ${messages} messages looked at in datagrepper, ${missed} had been missed and are on record now`;

/** Null where no datagrepper is configured. */
export const catchUpOf = (deps: CatchUpDeps): CatchUp | null => {
  const { config, stores, owner, report, beat } = deps;
  if (config.datagrepperUrl === null) return null;
  const ways: Deps = {
    ...walkDepsOf(config, { log: stores.log, actor: 'freshmaker', owner }, config.datagrepperUrl),
    ...(beat === undefined ? {} : { onProgress: beat, onWait: beat }),
    onLeftOut: ({ leftOutFrom, from }) =>
      report(
        'warn',
        `catch-up: only the last ${config.catchUpLongest} s are fetched by themselves; for what was sent before that: freshmaker catch-up --since ${leftOutFrom} --until ${from}`,
      ),
  };
  const run = catchUpWith(ways);
  return async (why, signal) => {
    const aim = await aimOf(deps, why, ways.ingest.now());
    const caught = E.isLeft(aim) ? aim : await run(aim.right, signal);
    if (E.isRight(caught) && caught.right.messages > 0) {
      report(caught.right.missed > 0 ? 'warn' : 'info', missedSentence(caught.right));
    }
    return caught;
  };
};
