import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent } from '../domain/catalogue.ts';
import type { Decider } from '../domain/decider.ts';
import type { UnknownEvent } from '../domain/read-event.ts';
import { newestSchema, readEvent } from '../domain/read-event.ts';
import { appendSurely } from './append-surely.ts';
import type { AppendFailure, EventLog, LogFailure, NewEvent, RecordedEvent } from './event-log.ts';
import type { Head } from './seal.ts';
import { seal } from './seal.ts';

/** Who writes, and where ids and times come from. */
export type Hand = {
  readonly log: EventLog;
  readonly newId: () => string;
  /** ISO 8601 UTC with milliseconds. */
  readonly now: () => string;
  readonly actor: string;
  readonly codeVersion: string;
};

/** What led to the events about to be written. */
export type Context = { readonly correlationId: string; readonly causationId?: string };

export type Loaded<State> = { readonly state: State; readonly head: Head | undefined };

type Folding = Loaded<unknown>;
/** Folded states by stream. Only a start for reading on: the expected revision has the last word. */
export type FoldCache = Map<string, { readonly by: unknown; readonly folding: Folding }>;

const pageSize = 1000;
const cached = 10_000;

/** What a recorded event says; left where a newer version wrote it, with what to do. */
export const decodeRecorded: (recorded: RecordedEvent) => E.Either<UnknownEvent, DomainEvent> =
  readEvent;

const foldOn = async <State>(
  log: EventLog,
  stream: string,
  evolve: (state: State, event: DomainEvent) => State,
  from: Loaded<State>,
): Promise<E.Either<LogFailure | UnknownEvent, Loaded<State>>> => {
  let { state, head } = from;
  for (;;) {
    const page = await log.readStream(stream, (head?.revision ?? -1) + 1, pageSize)();
    if (E.isLeft(page)) return page;
    for (const recorded of page.right) {
      const event = decodeRecorded(recorded);
      if (E.isLeft(event)) return event;
      state = evolve(state, event.right);
      head = { revision: recorded.revision, hash: recorded.metadata.hash };
    }
    if (page.right.length < pageSize) return E.right({ state, head });
  }
};

const keep = (cache: FoldCache, stream: string, by: unknown, folding: Folding): void => {
  if (cache.size > cached) cache.clear();
  cache.set(stream, { by, folding });
};

/** Reads a stream to its end and folds it; with a cache, only what is new since the last time. */
export const loadStream =
  (log: EventLog, cache?: FoldCache) =>
  async <State, Event extends DomainEvent>(
    stream: string,
    { initial, evolve }: Pick<Decider<never, State, Event, unknown>, 'initial' | 'evolve'>,
  ): Promise<E.Either<LogFailure | UnknownEvent, Loaded<State>>> => {
    const known = cache?.get(stream);
    const fresh: Loaded<State> = { state: initial, head: undefined };
    const from = known?.by === evolve ? (known.folding as Loaded<State>) : fresh;
    const fold = evolve as (state: State, event: DomainEvent) => State;
    const loaded = await foldOn(log, stream, fold, from);
    if (E.isRight(loaded) && cache !== undefined) keep(cache, stream, evolve, loaded.right);
    return loaded;
  };

const toNewEvent = (hand: Hand, context: Context, event: DomainEvent): NewEvent => {
  const { type, ...data } = event;
  const { actor, codeVersion, newId, now } = hand;
  const facts = { actor, recordedAt: now(), schema: newestSchema, codeVersion };
  return { id: newId(), type, data, metadata: Object.assign(facts, context) };
};

/** Appends events after a known head of a stream, sealed and with their metadata. */
export const appendEvents =
  (hand: Hand) =>
  async (
    stream: string,
    head: Head | undefined,
    context: Context,
    events: ReadonlyArray<DomainEvent>,
  ): Promise<E.Either<AppendFailure, Head>> => {
    const sealed = seal(
      stream,
      head,
      events.map((event) => toNewEvent(hand, context, event)),
    );
    const appended = await appendSurely(hand.log, stream, head?.revision ?? 'no-stream', sealed)();
    const hash = sealed.at(-1)?.metadata.hash ?? '';
    return E.map(({ revision }: { readonly revision: number }) => ({ revision, hash }))(appended);
  };

export type CarriedOut<State, Event> = {
  readonly state: State;
  readonly events: ReadonlyArray<Event>;
};
export type NotCarriedOut<Rejection> = Rejection | AppendFailure | LogFailure | UnknownEvent;

const tries = 3;

/**
 * Load, decide, append. A conflict means somebody else decided first: the stream is loaded and
 * decided again, at most three times. The state answered is the one after the events.
 */
export const carryOut =
  (hand: Hand, cache?: FoldCache) =>
  async <Command, State, Event extends DomainEvent, Rejection>(
    stream: string,
    decider: Decider<Command, State, Event, Rejection>,
    context: Context,
    command: Command,
  ): Promise<E.Either<NotCarriedOut<Rejection>, CarriedOut<State, Event>>> => {
    for (let attempt = 1; ; attempt += 1) {
      const loaded = await loadStream(hand.log, cache)(stream, decider);
      if (E.isLeft(loaded)) return loaded;
      const { state, head } = loaded.right;
      const decided = decider.decide(command, state);
      if (E.isLeft(decided)) return decided;
      const events = decided.right;
      if (events.length === 0) return E.right({ state, events });
      const appended = await appendEvents(hand)(stream, head, context, events);
      if (E.isRight(appended)) {
        return E.right({ state: events.reduce(decider.evolve, state), events });
      }
      if (appended.left.code !== 'conflict' || attempt === tries) return appended;
    }
  };
