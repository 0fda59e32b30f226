import * as E from 'fp-ts/lib/Either.js';
import type { AppendFailure, ExpectedRevision, SealedEvent } from './event-log.ts';

/** An event as it goes to storage: both halves as JSON text. */
export type Admitted = {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
};
type Refusal = Extract<AppendFailure, { code: 'too-large' | 'bad-append' }>;

/** Data bytes of one append, as the default limit of EventStoreDB has it; metadata does not count. */
export const appendLimit = 1024 * 1024;
/** Data bytes of one event. */
export const eventLimit = 256 * 1024;

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A NUL cuts a name short in C, and so in drivers; half a character cannot be stored at all. */
const unsafe = /[\u0000-\u001f\u007f\p{Surrogate}]/u;

const nameFault = (what: string, name: string): string | undefined => {
  if (name === '') return `the ${what} is empty; give it a name`;
  if (name.startsWith('$'))
    return `the ${what} ${name} starts with $, which stores keep for their own`;
  if (unsafe.test(name)) {
    return `the ${what} ${JSON.stringify(name)} holds a control character or half a character; encode it`;
  }
  return undefined;
};

const revisionFault = (expected: ExpectedRevision): string | undefined =>
  expected === 'no-stream' || (Number.isSafeInteger(expected) && expected >= 0)
    ? undefined
    : `the expected revision is ${expected}; it is a whole number from 0, or 'no-stream'`;

const chainFault = (
  expected: ExpectedRevision,
  events: ReadonlyArray<SealedEvent>,
): string | undefined => {
  const broken = events.findIndex(({ metadata: { prev } }, index) =>
    index > 0
      ? prev !== events[index - 1]?.metadata.hash
      : (prev === null) !== (expected === 'no-stream'),
  );
  return broken < 0
    ? undefined
    : `event ${broken} was not sealed for this place in the stream; seal the events on the head you read`;
};

const eventFault = (events: ReadonlyArray<SealedEvent>): string | undefined => {
  const seen = new Set<string>();
  for (const { id, type } of events) {
    const fault = nameFault('event type', type);
    if (fault !== undefined) return fault;
    if (!uuid.test(id)) return `the event id ${JSON.stringify(id)} is no UUID in lower case`;
    if (seen.has(id)) return `the event id ${id} occurs twice in one append`;
    seen.add(id);
  }
  return undefined;
};

const sizeFault = (events: ReadonlyArray<Admitted>): Refusal | undefined => {
  const sizes = events.map((event) => Buffer.byteLength(event.data));
  const largest = Math.max(...sizes);
  if (largest > eventLimit) return { code: 'too-large', bytes: largest, limit: eventLimit };
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return bytes > appendLimit ? { code: 'too-large', bytes, limit: appendLimit } : undefined;
};

/**
 * What every adapter asks of an append before it leaves: names, ids, limits, and that the events
 * are links of one chain. Right with the events encoded, in order.
 */
export const admit = (
  stream: string,
  expected: ExpectedRevision,
  events: ReadonlyArray<SealedEvent>,
): E.Either<Refusal, ReadonlyArray<Admitted>> => {
  const reason =
    nameFault('stream name', stream) ??
    revisionFault(expected) ??
    (events.length === 0 ? 'the append holds no events' : undefined) ??
    eventFault(events) ??
    chainFault(expected, events);
  if (reason !== undefined) {
    return E.left({ code: 'bad-append', reason: `stream ${JSON.stringify(stream)}: ${reason}` });
  }
  const admitted = events.map(({ id, type, data, metadata }) => ({
    id,
    type,
    data: JSON.stringify(data),
    metadata: JSON.stringify(metadata),
  }));
  const tooLarge = sizeFault(admitted);
  return tooLarge === undefined ? E.right(admitted) : E.left(tooLarge);
};
