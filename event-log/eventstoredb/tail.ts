import type { Filter as ServerFilter } from '@eventstore/db-client';
import { eventTypeFilter, excludeSystemEvents, streamNameFilter } from '@eventstore/db-client';
import type { EventLog, Filter, LogFailure, Page } from '../event-log.ts';
import { start } from '../event-log.ts';
import { logError } from '../log-error.ts';
import { logFailureOf } from './failures.ts';
import { backOff, bothSignals } from './pauses.ts';
import { placeOf, textOf } from './positions.ts';
import { passes } from './read.ts';
import { isOurs, recordedOf, type ServerEvent } from './recorded.ts';
import { eventAt, newestOf, notOurs, type Walk } from './scan.ts';
import { handfuls } from './subscription.ts';

/** In units of 32 events; what the checkpoints say is not used, so they may be rare. */
const checkpointInterval = 1000;

const oneOf = (words: ReadonlyArray<string>): string =>
  words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|');

/** The part of a filter that the server can take over; undefined when everything is wanted. */
const serverFilter = ({ categories = [], types = [] }: Filter): ServerFilter | undefined => {
  if (categories.length > 0) {
    return streamNameFilter({ regex: `^(${oneOf(categories)})(-|$)`, checkpointInterval });
  }
  if (types.length === 0) return undefined;
  return eventTypeFilter({ regex: `^(${oneOf(types)})$`, checkpointInterval });
};

type Session = {
  readonly walk: Walk;
  readonly filter: Filter;
  readonly signal: AbortSignal;
};

const isLater = (event: ServerEvent, position: string): boolean =>
  isOurs(event) && event.position !== undefined && textOf(event.position) > position;

const lastPlace = (events: ReadonlyArray<ServerEvent>, otherwise: string): string => {
  const place = events.at(-1)?.position;
  return place === undefined ? otherwise : textOf(place);
};

/**
 * The long way to the end of the log, with only what is wanted on the wire. At its end the log has
 * been looked at at least up to what was newest before.
 */
async function* catchUp(
  { walk, filter, signal }: Session,
  after: string,
): AsyncGenerator<Page, string> {
  const selective = serverFilter(filter);
  if (selective === undefined) return after;
  const isWanted = passes(filter);
  const newest = await newestOf(walk);
  const options = { ...walk, filter: selective, from: placeOf(after), signal };
  let upTo = after;
  let isThere = false;
  for await (const handful of handfuls(options)) {
    const fresh = handful.events.filter((event) => isLater(event, upTo) && isWanted(event));
    upTo = lastPlace(fresh, upTo);
    if (fresh.length > 0) yield { events: fresh.map(recordedOf), upTo, atEnd: false };
    isThere = handful.isCaughtUp;
    if (isThere) break;
  }
  return isThere && newest > upTo ? newest : upTo;
}

/**
 * Everything of ours as it comes, filtered here: only so does `upTo` go on with the log when nothing
 * in it is wanted.
 */
async function* live({ walk, filter, signal }: Session, after: string): AsyncGenerator<Page> {
  const isWanted = passes(filter);
  const options = {
    ...walk,
    filter: excludeSystemEvents({ checkpointInterval }),
    from: placeOf(after),
    signal,
  };
  let upTo = after;
  let isLive = false;
  for await (const { events, isAll, isCaughtUp } of handfuls(options)) {
    isLive ||= isCaughtUp;
    const fresh = events.filter((event) => isLater(event, upTo));
    const wanted = fresh.filter(isWanted).map(recordedOf);
    upTo = lastPlace(fresh, upTo);
    const atEnd = isLive && isAll;
    if (wanted.length > 0) yield { events: wanted, upTo, atEnd };
    if (atEnd) yield { events: [], upTo, atEnd };
  }
}

/** How often a position may not be found before it counts as foreign: a new leader may lag. */
const largestAbsence = 5;

const isHere = async (walk: Walk, position: string): Promise<boolean> =>
  position === start || (await eventAt(walk, position)) !== undefined;

/**
 * Follows the log through a subscription, and through another one from its own position when that
 * ends: after a restart of the server no event is lost and none comes twice.
 */
export const tailOf = (walk: Walk, closing: AbortSignal, closed: LogFailure): EventLog['tail'] =>
  async function* (after, filter, given): AsyncGenerator<Page> {
    const { signal, forget } = bothSignals(given, closing);
    const isOver = (): boolean => signal.aborted;
    const session = { walk, filter, signal };
    let position = after;
    let failures = 0;
    let absences = 0;

    async function* pages(): AsyncGenerator<Page> {
      if (!(await isHere(walk, position))) {
        absences += 1;
        if (absences >= largestAbsence) throw notOurs(position);
        return;
      }
      absences = 0;
      const reached = yield* catchUp(session, position);
      yield* live(session, reached);
    }

    try {
      while (!isOver()) {
        try {
          for await (const page of pages()) {
            if (isOver()) break;
            position = page.upTo;
            failures = 0;
            yield page;
          }
        } catch (error) {
          const failure = logFailureOf(error);
          if (failure.code !== 'unavailable') throw logError(failure);
        }
        await backOff(failures, signal);
        failures += 1;
      }
      if (closing.aborted && !given.aborted) throw logError(closed);
    } finally {
      forget();
    }
  };
