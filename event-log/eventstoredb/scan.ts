import type { AllStreamResolvedEvent, EventStoreDBClient, Position } from '@eventstore/db-client';
import { BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client';
import { start } from '../event-log.ts';
import { logError } from '../log-error.ts';
import { drain } from './calls.ts';
import { isNoRecord } from './failures.ts';
import { requiresLeader } from './leader.ts';
import { placeOf, textOf } from './positions.ts';
import { isOurs, type ServerEvent } from './recorded.ts';

/**
 * What is known of the end of the server's log: up to `through` nothing of ours comes after
 * `newest`. So the server's own events there, statistics mostly, are read once and not at each look.
 */
export type Horizon = { newest: string; through: Position } | undefined;

/** A walk over the server's log; `horizon` is shared by all walks of one log. */
export type Walk = {
  readonly client: EventStoreDBClient;
  readonly patience: number;
  readonly horizon: { current: Horizon };
};

const isAfter = (place: Position, other: Position | undefined): boolean =>
  other === undefined ||
  place.commit > other.commit ||
  (place.commit === other.commit && place.prepare > other.prepare);

const learn = ({ horizon }: Walk, newest: string, through: Position | undefined): void => {
  if (through !== undefined && isAfter(through, horizon.current?.through)) {
    horizon.current = { newest, through };
  }
};

const largestRead = 4096;

/** A position the log does not know, as a failure to throw. */
export const notOurs = (position: string): Error =>
  logError({
    code: 'corrupt',
    reason: `${JSON.stringify(position)} is no position of this log: it is another log, or an older copy was put back; rebuild what was derived from it`,
  });

const beginning = ({ horizon }: Walk, after: string): Position | undefined => {
  const place = placeOf(after);
  if (place === undefined && after !== start) throw notOurs(after);
  return horizon.current?.newest === after ? horizon.current.through : place;
};

/**
 * Hands over our events after a position, in order, until `take` has enough. True when the end was
 * reached. The server begins with the event at the position itself; that one is left out.
 */
export const forwards = async (
  walk: Walk,
  after: string,
  size: number,
  take: (event: ServerEvent) => 'more' | 'enough',
): Promise<boolean> => {
  let from = beginning(walk, after);
  let newest = after;
  for (let maxCount = Math.max(2, size); ; maxCount = Math.min(maxCount * 2, largestRead)) {
    let seen = 0;
    const look = ({ event }: AllStreamResolvedEvent): 'more' | 'enough' => {
      seen += 1;
      if (event === undefined || !isAfter(event.position, from)) return 'more';
      if (isOurs(event)) {
        if (take(event) === 'enough') return 'enough';
        newest = textOf(event.position);
      }
      from = event.position;
      return 'more';
    };
    const options = {
      direction: FORWARDS,
      maxCount,
      fromPosition: from ?? START,
      requiresLeader,
    } as const;
    try {
      const ending = await drain(walk.client.readAll(options), walk.patience, look);
      if (ending === 'enough') return false;
    } catch (error) {
      walk.horizon.current = undefined;
      throw isNoRecord(error) ? notOurs(after) : error;
    }
    if (seen < maxCount) {
      learn(walk, newest, from);
      return true;
    }
  }
};

/** The position of our newest event, `start` when there is none. */
export const newestOf = async (walk: Walk): Promise<string> => {
  let from: Position | undefined;
  let end: Position | undefined;
  for (let maxCount = 1; ; maxCount = Math.min(maxCount * 16, largestRead)) {
    let seen = 0;
    let newest: string | undefined;
    const look = ({ event }: AllStreamResolvedEvent): 'more' | 'enough' => {
      seen += 1;
      if (event === undefined) return 'more';
      end ??= event.position;
      from = event.position;
      const known = walk.horizon.current;
      if (known !== undefined && !isAfter(from, known.through)) newest = known.newest;
      else if (isOurs(event)) newest = textOf(from);
      return newest === undefined ? 'more' : 'enough';
    };
    const options = {
      direction: BACKWARDS,
      maxCount,
      fromPosition: from ?? END,
      requiresLeader,
    } as const;
    await drain(walk.client.readAll(options), walk.patience, look);
    if (newest !== undefined || seen < maxCount) {
      learn(walk, newest ?? start, end);
      return newest ?? start;
    }
  }
};

/** What stands at exactly this place; undefined where nothing, or nothing of ours, begins. */
export const eventAt = async (walk: Walk, position: string): Promise<ServerEvent | undefined> => {
  const fromPosition = placeOf(position);
  let found: ServerEvent | undefined;
  if (fromPosition === undefined) return undefined;
  const options = { direction: FORWARDS, maxCount: 1, fromPosition, requiresLeader } as const;
  const look = ({ event }: AllStreamResolvedEvent): 'enough' => {
    const isIt = event !== undefined && isOurs(event) && textOf(event.position) === position;
    found = isIt ? event : undefined;
    return 'enough';
  };
  try {
    await drain(walk.client.readAll(options), walk.patience, look);
  } catch (error) {
    if (!isNoRecord(error)) throw error;
  }
  return found;
};
