import {
  AccessDeniedError,
  isCommandError,
  MaxAppendSizeExceededError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { appendLimit } from '../admit.ts';
import type { AppendFailure, ExpectedRevision, LogFailure } from '../event-log.ts';

/** Our own timer ran out: the client's deadline does not fire while the server says nothing. */
export type Silence = Error & { readonly silence: true };
export const silence = (ms: number): Silence =>
  Object.assign(new Error(`no answer within ${ms} ms`), { silence: true as const });

/** What the error is, and what is asked of whoever reads it; a bug of ours is thrown on. */
type Fault = {
  readonly code: number | undefined;
  readonly message: string;
};

const isBug = (error: unknown): boolean =>
  !(error instanceof Error) ||
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError;

const faultOf = (error: unknown): Fault => {
  if (isBug(error)) throw error;
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  return { code: typeof code === 'number' ? code : undefined, message };
};

const permissionDenied = 7;
const resourceExhausted = 8;
const invalidArgument = 3;
const unauthenticated = 16;

const hints: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /certificate|self.signed|altnames/i,
    'its certificate is of an authority not known here: name the authority with tlsCAFile=<file> in the connection string',
  ],
  [
    /wrong version number|EPROTO|Failed to connect/i,
    'one side speaks TLS and the other does not: set or remove tls=false in the connection string',
  ],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT|discover/i,
    'is the server up, and are host and port those of the connection string?',
  ],
];

const hintFor = (message: string): string =>
  hints.find(([pattern]) => pattern.test(message))?.[1] ?? 'it may pass: try again';

const denied = ({ code }: Fault): LogFailure => ({
  code: 'access-denied',
  reason:
    code === unauthenticated
      ? 'EventStoreDB does not accept the user or the password of the connection string; correct them (percent-encode special characters)'
      : 'EventStoreDB denies access to its whole log ($all); use a user of the group $admins, or let the ACL of $all name the user',
});

const isDenied = (error: unknown, fault: Fault): boolean =>
  error instanceof AccessDeniedError ||
  fault.code === permissionDenied ||
  fault.code === unauthenticated;

const deleted = (stream: string): LogFailure => ({
  code: 'corrupt',
  reason: `the stream ${stream} was deleted on the server, and its history with it; put back a copy of the log`,
});

const isLogFailure = (error: unknown): error is Error & LogFailure =>
  error instanceof Error && 'reason' in error && 'code' in error && typeof error.code === 'string';

/** What went wrong with a read, in our words. */
export const logFailureOf = (error: unknown): LogFailure => {
  if (isLogFailure(error)) return { code: error.code, reason: error.reason };
  const fault = faultOf(error);
  if (isDenied(error, fault)) return denied(fault);
  if (error instanceof StreamDeletedError) return deleted(error.streamName);
  const { message } = fault;
  return {
    code: 'unavailable',
    reason: `EventStoreDB did not answer: ${message}; ${hintFor(message)}`,
  };
};

/** The server's word for a position that is not the beginning of one of its records. */
export const isNoRecord = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('Unexpected ReadAllResult');

/**
 * Whether the connection an append went over is to be replaced: all but the answers that came over
 * it in good order, which are the ones without a status.
 */
export const isConnectionFault = (error: unknown): boolean =>
  !(error instanceof Error && isCommandError(error)) || error.code !== undefined;

const actualOf = (actual: bigint | 'no_stream'): ExpectedRevision =>
  actual === 'no_stream' ? 'no-stream' : Number(actual);

const refused = (stream: string, bytes: number, error: unknown): AppendFailure | undefined => {
  if (error instanceof MaxAppendSizeExceededError) {
    return { code: 'too-large', bytes, limit: error.maxAppendSize };
  }
  const fault = faultOf(error);
  if (fault.code === resourceExhausted) return { code: 'too-large', bytes, limit: appendLimit };
  if (isDenied(error, fault)) return denied(fault);
  if (error instanceof StreamDeletedError) return deleted(stream);
  const isBad = fault.code === invalidArgument || fault.message.includes('BadRequest');
  return isBad
    ? { code: 'bad-append', reason: `EventStoreDB refuses what was sent: ${fault.message}` }
    : undefined;
};

/**
 * What went wrong with an append. Only a clear word of the server counts as "not written"; all else
 * (time-outs, broken connections, a cluster electing its leader) leaves the outcome unknown.
 */
export const appendFailureOf = (
  stream: string,
  expected: ExpectedRevision,
  bytes: number,
  error: unknown,
): AppendFailure => {
  if (error instanceof WrongExpectedVersionError) {
    return { code: 'conflict', stream, expected, actual: actualOf(error.actualVersion) };
  }
  const refusal = refused(stream, bytes, error);
  if (refusal !== undefined) return refusal;
  const { message } = faultOf(error);
  return {
    code: 'outcome-unknown',
    reason: `EventStoreDB did not say whether it wrote to ${stream}: ${message}; ${hintFor(message)}`,
  };
};
