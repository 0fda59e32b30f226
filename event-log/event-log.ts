import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { JsonObject } from '../domain/json.ts';

/** What every event carries beside its data. Times are ISO 8601 UTC with milliseconds. */
export type Metadata = {
  /** Id of the event that led to this one; absent where something outside did. */
  readonly causationId?: string;
  /** The message (or order) everything started from: its id. */
  readonly correlationId: string;
  readonly actor: string;
  readonly recordedAt: string;
  /** Version of this event type's shape. */
  readonly schema: number;
  readonly codeVersion: string;
};

/** `hash` covers this event and, by `prev`, all before it in its stream (event-log/seal.ts). */
export type SealedMetadata = Metadata & { readonly prev: string | null; readonly hash: string };

export type NewEvent = {
  /** UUID, random, chosen once per attempt to append and kept through its retries. */
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: Metadata;
};

/** Only `seal` makes these: an event that is not part of its stream's hash chain cannot be appended. */
export type SealedEvent = Omit<NewEvent, 'metadata'> & { readonly metadata: SealedMetadata };

export type RecordedEvent = SealedEvent & {
  readonly stream: string;
  /** 0, 1, 2 … without gaps in its stream. */
  readonly revision: number;
  /** Opaque; sorts (as text, by code unit) in the order of the log. */
  readonly position: string;
};

/** The revision the stream must be at. There is no "any". */
export type ExpectedRevision = number | 'no-stream';

export type Conflict = {
  readonly code: 'conflict';
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: ExpectedRevision | 'unknown';
};
export type LogFailure = {
  readonly code:
    | ('unavailable' | 'access-denied' | 'closed' | 'locked' | 'corrupt' | 'disk-full')
    /** Where the log is was said in a way that cannot be used. Nothing was connected to. */
    | 'bad-address';
  readonly reason: string;
};
export type AppendFailure =
  | Conflict
  | LogFailure
  /** It may or may not have been written: ask again with the same ids and the same revision. */
  | { readonly code: 'outcome-unknown'; readonly reason: string }
  /** Over 1 MiB of data in one append, or 256 KiB in one event. Nothing was written. */
  | { readonly code: 'too-large'; readonly bytes: number; readonly limit: number }
  /** An empty append, stream name or type, a name starting with `$`, an id twice. */
  | { readonly code: 'bad-append'; readonly reason: string };

export type Appended = { readonly revision: number; readonly position: string };

export type Page = {
  readonly events: ReadonlyArray<RecordedEvent>;
  /** How far the log has been looked at: go on after here. May lie past the last event given. */
  readonly upTo: string;
  /** True when nothing lay beyond `upTo` at the time. */
  readonly atEnd: boolean;
};

/** Empty or absent lists let everything through. System events of a store are never shown. */
export type Filter = {
  readonly categories?: ReadonlyArray<string>;
  readonly types?: ReadonlyArray<string>;
};

/** The beginning: sorts before every position. */
export const start = '';

/**
 * The log of facts. Laws, tested on every adapter by one suite: revisions are dense; the order of
 * `readAll` is total, the same for everyone and never changes; an append is all or nothing; of
 * racing appends with one expected revision exactly one wins and the others get `conflict`; the same
 * ids with the same expected revision again answer with the original outcome and write nothing.
 */
export type EventLog = {
  /** Durable once right. An outcome that is unknown is retried by `appendSurely`, not by callers. */
  readonly append: (
    stream: string,
    expected: ExpectedRevision,
    events: ReadonlyArray<SealedEvent>,
  ) => TaskEither<AppendFailure, Appended>;
  /** Events from revision `from` (inclusive), oldest first; an absent stream is empty. */
  readonly readStream: (
    stream: string,
    from: number,
    max: number,
  ) => TaskEither<LogFailure, ReadonlyArray<RecordedEvent>>;
  /** The newest event of a stream. */
  readonly last: (stream: string) => TaskEither<LogFailure, RecordedEvent | undefined>;
  /** Events after a position, at most `max`. */
  readonly readAll: (after: string, filter: Filter, max: number) => TaskEither<LogFailure, Page>;
  /** The event at exactly this position, to recognise a foreign or restored log by. */
  readonly at: (position: string) => TaskEither<LogFailure, RecordedEvent | undefined>;
  /** Position of the newest event; `start` when there is none. */
  readonly head: () => TaskEither<LogFailure, string>;
  /**
   * Pages after a position, then pages as they come, until `signal` aborts; each event once per
   * pass. An empty page with `atEnd` says "caught up". Ends with a throw only for a `LogFailure`.
   */
  readonly tail: (after: string, filter: Filter, signal: AbortSignal) => AsyncIterable<Page>;
  readonly close: () => Promise<void>;
};
