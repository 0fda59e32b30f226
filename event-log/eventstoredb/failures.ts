import {
  AccessDeniedError,
  isCommandError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { appendLimit } from '../admit.ts';
import type { AppendFailure, ExpectedRevision, LogFailure } from '../event-log.ts';
import { hintFor } from './hints.ts';

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
  const { code, message, type } = error as Error & {
    readonly code?: unknown;
    readonly type?: string;
  };
  const words = message === '' && type !== undefined ? type : message;
  return { code: typeof code === 'number' ? code : undefined, message: words };
};

const permissionDenied = 7;
const resourceExhausted = 8;
const invalidArgument = 3;
const unauthenticated = 16;

const notLetIn: LogFailure = {
  code: 'access-denied',
  reason:
    'EventStoreDB does not accept the user or the password of the connection string; correct them (percent-encode special characters)',
};
const mayNotRead: LogFailure = {
  code: 'access-denied',
  reason:
    'EventStoreDB denies access to its whole log ($all); use a user of the group $admins, or let the ACL of $all name the user',
};
const mayNotAppend: LogFailure = {
  code: 'access-denied',
  reason:
    'EventStoreDB does not let the user of the connection string append; use a user of the group $admins, or let the default ACL of streams name the user',
};

/** Set where the server did not let the user do what was asked: what to tell of it. */
const denialIn = (error: unknown, rights: LogFailure): LogFailure | undefined => {
  const { code } = faultOf(error);
  if (code === unauthenticated) return notLetIn;
  return error instanceof AccessDeniedError || code === permissionDenied ? rights : undefined;
};

const deleted = (stream: string): LogFailure => ({
  code: 'corrupt',
  reason: `the stream ${stream} was deleted on the server, and its history with it; put back a copy of the log`,
});

const isLogFailure = (error: unknown): error is Error & LogFailure =>
  error instanceof Error && 'reason' in error && 'code' in error && typeof error.code === 'string';

/** What went wrong with a read, in our words. */
export const logFailureOf = (error: unknown): LogFailure => {
  if (isLogFailure(error)) return { code: error.code, reason: error.reason };
  const denial = denialIn(error, mayNotRead);
  if (denial !== undefined) return denial;
  if (error instanceof StreamDeletedError) return deleted(error.streamName);
  const { message } = faultOf(error);
  return {
    code: 'unavailable',
    reason: `EventStoreDB did not answer: ${message}; ${hintFor(message)}`,
  };
};

/** The servers' words, older and newer, for a position that is not the beginning of a record. */
const noRecord = /Unexpected ReadAllResult|read from an invalid position/;

export const isNoRecord = (error: unknown): boolean =>
  error instanceof Error && noRecord.test(error.message);

/** A node's word that the leader is another. The client goes to that one the next time. */
export const isElsewhere = (error: unknown): boolean => error instanceof NotLeaderError;

/** A node's word that it knows of no leader: it may have been cut off from those who have one. */
const isLeaderless = (error: Error): boolean => /Not Ready|No leader info/.test(error.message);

/**
 * Whether the connection an append went over is to be replaced: all but the answers that came over
 * it in good order, which are the ones without a status, from a node that has a leader.
 */
export const isConnectionFault = (error: unknown): boolean =>
  !(error instanceof Error && isCommandError(error)) ||
  error.code !== undefined ||
  isLeaderless(error);

const actualOf = (actual: bigint | 'no_stream'): ExpectedRevision =>
  actual === 'no_stream' ? 'no-stream' : Number(actual);

const refused = (stream: string, bytes: number, error: unknown): AppendFailure | undefined => {
  if (error instanceof MaxAppendSizeExceededError) {
    return { code: 'too-large', bytes, limit: error.maxAppendSize };
  }
  const fault = faultOf(error);
  if (fault.code === resourceExhausted) return { code: 'too-large', bytes, limit: appendLimit };
  const denial = denialIn(error, mayNotAppend);
  if (denial !== undefined) return denial;
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
