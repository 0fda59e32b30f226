import { jsonEvent } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { appendLimit, eventLimit } from '../admit.ts';
import type { AppendFailure, LogFailure } from '../event-log.ts';
import { appendOptions } from './append.ts';
import type { Connection } from './connection.ts';
import { appendFailureOf, logFailureOf } from './failures.ts';
import { within } from './within.ts';

/** Nothing is ever in this stream, and no stream is ever at this revision. */
const stream = 'freshmaker_probe';
const never = Number.MAX_SAFE_INTEGER - 1;

/** As many bytes of JSON as one event of ours may hold. */
const full = { probe: 'x'.repeat(eventLimit - '{"probe":""}'.length) };

const tooSmall = (limit: number): LogFailure => ({
  code: 'unavailable',
  reason: `EventStoreDB takes ${limit < appendLimit ? `only ${limit} bytes` : 'less'} in one append where this log needs ${appendLimit}: set MaxAppendSize of the server to ${appendLimit}, its default, or more`,
});

/** What the refusal says of the server; undefined when it is the one that was asked for. */
const faultIn = (failure: AppendFailure, error: unknown): LogFailure | undefined => {
  if (failure.code === 'conflict') return undefined;
  if (failure.code === 'too-large') return tooSmall(failure.limit);
  if (failure.code === 'outcome-unknown') return logFailureOf(error);
  const { code, reason } = failure;
  return { code: code === 'bad-append' ? 'unavailable' : code, reason };
};

const written: LogFailure = {
  code: 'corrupt',
  reason: `the server appended to ${stream} at a revision that no stream has; a log cannot be trusted to it`,
};

/**
 * Whether the server takes the largest append of ours, and from this user. It is asked with one
 * that expects a revision no stream has: whatever the server looks at first, nothing is written.
 */
export const probeAppend = async (
  connection: Pick<Connection, 'write'>,
  patience: number,
): Promise<E.Either<LogFailure, void>> => {
  const events = Array.from({ length: appendLimit / eventLimit }, () =>
    jsonEvent({ id: randomUUID(), type: 'Probe', data: full }),
  );
  const options = appendOptions(BigInt(never), patience);
  try {
    await connection.write((client) =>
      within(patience, client.appendToStream(stream, events, options)),
    );
  } catch (error) {
    const fault = faultIn(appendFailureOf(stream, never, appendLimit, error), error);
    return fault === undefined ? E.right(undefined) : E.left(fault);
  }
  return E.left(written);
};
