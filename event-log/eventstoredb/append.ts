import type {
  AppendExpectedRevision,
  AppendResult,
  EventStoreDBClient,
  JSONEventType,
} from '@eventstore/db-client';
import { jsonEvent, NO_STREAM } from '@eventstore/db-client';
import * as E from 'fp-ts/lib/Either.js';
import { JsonRecord } from '../../domain/codec.ts';
import { admit, type Admitted } from '../admit.ts';
import type {
  Appended,
  AppendFailure,
  EventLog,
  ExpectedRevision,
  LogFailure,
  SealedEvent,
} from '../event-log.ts';
import type { Connection } from './connection.ts';
import { appendFailureOf } from './failures.ts';
import { textOf } from './positions.ts';
import { within } from './within.ts';

/** Above any append of ours, so that each is a single message. */
const batchAppendSize = 12 * 1024 * 1024;

/**
 * Added to the deadline that is sent, in milliseconds: the server holds it against a clock of its
 * own, and one that is ahead would write nothing. What is written late is what is asked for again.
 */
const clockSkew = 600_000;

/** What goes with every append: one message each, and a deadline that allows for other clocks. */
export const appendOptions = (
  expectedRevision: AppendExpectedRevision,
  patience: number,
): { expectedRevision: AppendExpectedRevision; batchAppendSize: number; deadline: number } => ({
  expectedRevision,
  batchAppendSize,
  deadline: patience + clockSkew,
});

const encoded = (
  stream: string,
  expected: ExpectedRevision,
  events: ReadonlyArray<SealedEvent>,
): E.Either<AppendFailure, ReadonlyArray<Admitted>> => {
  const foreign = events.find(({ data }) => !JsonRecord.is(data));
  if (foreign === undefined) return admit(stream, expected, events);
  const reason = `stream ${JSON.stringify(stream)}: the data of event ${foreign.id} is not JSON all the way down (no bigint, NaN, undefined)`;
  return E.left({ code: 'bad-append', reason });
};

const bytesOf = (events: ReadonlyArray<Admitted>): number =>
  events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);

type Call = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: ReadonlyArray<SealedEvent>;
};

const deletedBefore = (stream: string, revision: number): LogFailure => ({
  code: 'corrupt',
  reason: `the stream ${stream} went on at revision ${revision} where another was due: it was deleted on the server, and its history with it; put back a copy of the log`,
});

const send =
  ({ stream, expected, events }: Call, patience: number) =>
  (client: EventStoreDBClient): Promise<AppendResult> => {
    const proposed = events.map(({ id, type, data, metadata }) =>
      jsonEvent<JSONEventType>({ id, type, data, metadata }),
    );
    const expectedRevision: AppendExpectedRevision =
      expected === 'no-stream' ? NO_STREAM : BigInt(expected);
    const options = appendOptions(expectedRevision, patience);
    return within(patience, client.appendToStream(stream, proposed, options));
  };

const outcomeOf = (call: Call, answer: AppendResult): E.Either<AppendFailure, Appended> => {
  const { stream, expected, events } = call;
  const revision = Number(answer.nextExpectedRevision);
  const due = (expected === 'no-stream' ? -1 : expected) + events.length;
  if (revision !== due) return E.left(deletedBefore(stream, revision));
  if (answer.position === undefined) {
    throw new TypeError(`the append to ${stream} was answered without a position`);
  }
  return E.right({ revision, position: textOf(answer.position) });
};

/**
 * Appends over the connection's one long-lived call. `patience` is how long, in milliseconds, the
 * answer is waited for before the outcome counts as unknown.
 */
export const appendOver =
  (connection: Connection, patience: number): EventLog['append'] =>
  (stream, expected, events) =>
  async () => {
    const ready = encoded(stream, expected, events);
    if (E.isLeft(ready)) return ready;
    const call = { stream, expected, events };
    let answer: AppendResult;
    try {
      answer = await connection.write(send(call, patience));
    } catch (error) {
      return E.left(appendFailureOf(stream, expected, bytesOf(ready.right), error));
    }
    return outcomeOf(call, answer);
  };
