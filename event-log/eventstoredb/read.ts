import { BACKWARDS, END, FORWARDS, StreamNotFoundError } from '@eventstore/db-client';
import { categoryOf } from '../../domain/stream-names.ts';
import type { Filter, Page, RecordedEvent } from '../event-log.ts';
import { logError } from '../log-error.ts';
import { drain } from './calls.ts';
import { requiresLeader } from './leader.ts';
import { textOf } from './positions.ts';
import { recordedOf, type ServerEvent } from './recorded.ts';
import { forwards, type Walk } from './scan.ts';

/** Whether a filter lets an event through. */
export const passes = ({ categories = [], types = [] }: Filter) => {
  const [wantedCategories, wantedTypes] = [new Set(categories), new Set(types)];
  return ({ streamId, type }: ServerEvent): boolean =>
    (wantedCategories.size === 0 || wantedCategories.has(categoryOf(streamId))) &&
    (wantedTypes.size === 0 || wantedTypes.has(type));
};

/** The server cannot filter a read, so a filtered one asks for more at a time. */
const filteredRead = 1000;

/**
 * How many of our events are looked at for one page at most: one that asks for rare events would else
 * go through the whole log, and what was gone through could not be kept meanwhile.
 */
const mostLookedAt = 10_000;

/** One page of our events after a position. Throws `corrupt` for what cannot be ours. */
export const pageOf = async (
  walk: Walk,
  after: string,
  filter: Filter,
  max: number,
): Promise<Page> => {
  const events: Array<RecordedEvent> = [];
  const isWanted = passes(filter);
  let upTo = after;
  let seen = 0;
  const look = (event: ServerEvent): 'more' | 'enough' => {
    if (events.length >= max || seen >= mostLookedAt) return 'enough';
    seen += 1;
    if (isWanted(event)) events.push(recordedOf(event));
    if (event.position !== undefined) upTo = textOf(event.position);
    return 'more';
  };
  const isFiltered = (filter.categories?.length ?? 0) + (filter.types?.length ?? 0) > 0;
  const size = isFiltered ? Math.max(max, filteredRead) : max;
  const atEnd = await forwards(walk, after, Math.min(size + 2, 4096), look);
  return { events, upTo, atEnd };
};

type StreamRead = {
  readonly stream: string;
  readonly maxCount: number;
  readonly from: number | 'end';
};

const eventsOf = async (
  { client, patience }: Walk,
  { stream, maxCount, from }: StreamRead,
): Promise<ReadonlyArray<RecordedEvent>> => {
  const events: Array<RecordedEvent> = [];
  const options =
    from === 'end'
      ? ({ direction: BACKWARDS, fromRevision: END, maxCount, requiresLeader } as const)
      : ({ direction: FORWARDS, fromRevision: BigInt(from), maxCount, requiresLeader } as const);
  try {
    await drain(client.readStream(stream, options), patience, ({ event }) => {
      if (event !== undefined) events.push(recordedOf(event));
      return 'more';
    });
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return events;
};

const isAbsent = (stream: string): boolean => stream === '' || stream.startsWith('$');

/** Events of a stream from a revision on; a stream with events missing is thrown as `corrupt`. */
export const streamOf = async (
  walk: Walk,
  stream: string,
  from: number,
  maxCount: number,
): Promise<ReadonlyArray<RecordedEvent>> => {
  if (isAbsent(stream) || maxCount < 1) return [];
  const events = await eventsOf(walk, { stream, maxCount, from });
  const gap = events.findIndex(({ revision }, index) => revision !== from + index);
  if (gap < 0) return events;
  throw logError({
    code: 'corrupt',
    reason: `event ${from + gap} of stream ${stream} is missing: the stream was truncated or deleted on the server ($maxCount, $maxAge, $tb); put back a copy of the log`,
  });
};

/** The newest event of a stream. */
export const lastOf = async (walk: Walk, stream: string): Promise<RecordedEvent | undefined> =>
  isAbsent(stream) ? undefined : (await eventsOf(walk, { stream, maxCount: 1, from: 'end' })).at(0);
