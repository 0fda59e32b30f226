import { setTimeout as sleep } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Subscriber } from 'zeromq';
import type { Realm } from '../../domain/stream-names.ts';
import type { Ingest, NotAppended } from '../append-message.ts';
import { appendOrSetAside, isForGood } from '../append-or-set-aside.ts';
import { pauseAfter } from '../feed/follow-feed.ts';
import type { Authority } from './authority.ts';
import type { Reading } from './read-frames.ts';
import { readFrames } from './read-frames.ts';
import type { NoSubscription, Report } from './subscribe.ts';
import { subscribe } from './subscribe.ts';

export type FedmsgDeps = {
  readonly ingest: Ingest;
  /** `rehearsal` where the whole service only rehearses; `real` unless given. */
  readonly realm?: Realm;
  /** `tcp://host:port`. */
  readonly endpoints: ReadonlyArray<string>;
  /** Beginnings of the topics that are subscribed to; all where it names none. */
  readonly topics: ReadonlyArray<string>;
  /** Whom signers are trusted by; undefined where signatures are ignored. */
  readonly authority: Authority | undefined;
  readonly report: Report;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** From 0 up to 1, for the jitter of pauses. */
  readonly random: () => number;
  /** Called at every turn of the loop, about a second apart at most but for the pauses. */
  readonly beat?: () => void;
  /** Messages kept in memory for each endpoint while the log takes none; default 10,000. */
  readonly highWaterMark?: number;
  /** Milliseconds of the first pause after a failure, and of the longest; default 500 and 30,000. */
  readonly pauses?: { readonly first: number; readonly longest: number };
};

const pausesByDefault = { first: 500, longest: 30_000 };

const reasonOf = (failure: NotAppended): string =>
  'reason' in failure ? failure.reason : failure.code;

const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  // Only the signal ends a pause early, and then the loop ends by itself.
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
};

/** Puts one message on record, however long the log takes none; meanwhile zeromq keeps what comes. */
const record = async (
  deps: FedmsgDeps,
  { message, judgement }: Reading,
  signal: AbortSignal,
): Promise<void> => {
  const { ingest, realm = 'real', report, random, pauses = pausesByDefault } = deps;
  const { highWaterMark = 10_000 } = deps;
  const isOver = (): boolean => signal.aborted;
  for (let failures = 1; ; failures += 1) {
    deps.beat?.();
    const appended = await appendOrSetAside(ingest)(message, judgement, realm)();
    if (E.isRight(appended)) {
      if (failures === 1) return;
      const reason = `fedmsg: the log takes messages again after ${failures - 1} failed tries. Up to ${highWaterMark} from each endpoint were kept; more are found by catching up alone.`;
      report({ level: 'warn', code: 'log-again', reason });
      return;
    }
    if (isOver()) return;
    const { code } = appended.left;
    const why = reasonOf(appended.left);
    if (isForGood(appended.left)) {
      const reason = `fedmsg: message ${message.messageId} cannot be put on record and is passed over: ${why}`;
      report({ level: 'error', code, reason });
      return;
    }
    const milliseconds = pauseAfter(failures, pauses, random);
    const reason = `fedmsg: ${why}; next try in ${Math.round(milliseconds)} ms`;
    report({ level: 'warn', code, reason });
    await pause(milliseconds, signal);
  }
};

const isNothing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/** The frames of the next message; undefined where none came in time, or the socket was closed. */
const receive = async (
  socket: Subscriber,
  signal: AbortSignal,
): Promise<ReadonlyArray<Uint8Array> | undefined> => {
  try {
    return await socket.receive();
  } catch (error) {
    if (isNothing(error) || signal.aborted) return undefined;
    throw error;
  }
};

const staleListsTold = ({ authority, clock, report }: FedmsgDeps) => {
  const due = authority?.listsDue;
  let isTold = false;
  return (): void => {
    if (isTold || due === undefined || clock() < due) return;
    isTold = true;
    const reason = `fedmsg: the revocation list was to be replaced by ${new Date(due).toISOString()}; it is used as it is. Name a newer one as fedmsgRevocations and start again.`;
    report({ level: 'error', code: 'stale-revocations', reason });
  };
};

const readOn = async (deps: FedmsgDeps, socket: Subscriber, signal: AbortSignal): Promise<void> => {
  const tellStaleLists = staleListsTold(deps);
  const { accepted } = deps.ingest;
  const reader = { authority: deps.authority, ...(accepted === undefined ? {} : { accepted }) };
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    deps.beat?.();
    tellStaleLists();
    const frames = await receive(socket, signal);
    if (frames === undefined) continue;
    await record(deps, readFrames(reader, frames, deps.clock()), signal);
  }
};

/**
 * Listens to fedmsg over ZeroMQ until the signal aborts, and puts each message on record, one at a
 * time, in the order they come. Left where it cannot begin. fedmsg keeps nothing for those who are
 * away: what is published while there is no connection, or beyond the high-water mark while the log
 * takes nothing, never comes this way.
 */
export const followFedmsg = async (
  deps: FedmsgDeps,
  signal: AbortSignal,
): Promise<E.Either<NoSubscription, void>> => {
  const { highWaterMark = 10_000, endpoints, topics, report } = deps;
  const subscribed = await subscribe({ endpoints, topics, highWaterMark, report });
  if (E.isLeft(subscribed)) return subscribed;
  const socket = subscribed.right;
  const close = (): void => socket.close();
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
  try {
    await readOn(deps, socket, signal);
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
  return E.right(undefined);
};
