import * as E from 'fp-ts/lib/Either.js';
import type { ExecutionContext } from 'ava';
import { appendSurely } from '../../event-log/append-surely.ts';
import { type EventLog, type RecordedEvent, start } from '../../event-log/event-log.ts';
import { isIntact, seal } from '../../event-log/seal.ts';
import { anEvent, headAfter, right } from './an-event.ts';

/** Writers who append on, one stream each, and a reader who follows all of them from the beginning. */
export type Busy = {
  /** How many appends have been acknowledged. */
  readonly acknowledged: () => number;
  readonly failures: () => ReadonlyArray<unknown>;
  /** Ends the writers after the append each is at. */
  readonly rest: () => Promise<void>;
  /** Nothing acknowledged is lost, nothing is there twice, revisions are dense, and the reader saw just that. */
  readonly examine: (t: ExecutionContext) => Promise<void>;
};

const idsOf = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<string> =>
  events.map(({ id }) => id);

const wholeStream = async (
  log: EventLog,
  stream: string,
): Promise<ReadonlyArray<RecordedEvent>> => {
  const events: Array<RecordedEvent> = [];
  for (;;) {
    const page = await right(log.readStream(stream, events.length, 500));
    if (page.length === 0) return events;
    events.push(...page);
  }
};

/** Starts them; `tries` is how often an append of unknown outcome is asked for again at most. */
export const keepBusy = (
  log: EventLog,
  { category, writers = 6, tries = 200 }: { category: string; writers?: number; tries?: number },
): Busy => {
  const state = { isOver: false, acknowledged: 0 };
  const failures: Array<unknown> = [];
  const written = new Map<string, Array<string>>();
  const seen: Array<RecordedEvent> = [];
  const stop = new AbortController();

  const write = async (stream: string): Promise<void> => {
    const ids: Array<string> = [];
    written.set(stream, ids);
    let head = headAfter([]);
    while (!state.isOver) {
      const expected = head.revision < 0 ? 'no-stream' : head.revision;
      const events = seal(stream, head.revision < 0 ? undefined : head, [anEvent(), anEvent()]);
      const persistence = { tries, firstWait: 10 };
      const answer = await appendSurely(log, stream, expected, events, persistence)();
      if (E.isLeft(answer)) {
        failures.push(answer.left);
        return;
      }
      ids.push(...events.map(({ id }) => id));
      state.acknowledged += 1;
      head = headAfter(events, head.revision);
    }
  };
  const follow = async (): Promise<void> => {
    for await (const { events } of log.tail(start, { categories: [category] }, stop.signal)) {
      seen.push(...events);
    }
  };
  const following = follow();
  const names = Array.from({ length: writers }, (_, index) => `${category}-${index}`);
  const writing = Promise.all(names.map(write));

  return {
    acknowledged: () => state.acknowledged,
    failures: () => failures,
    rest: async () => {
      state.isOver = true;
      await writing;
    },
    examine: async (t) => {
      const total = [...written.values()].flat().length;
      t.true(total > 0);
      for (const [stream, ids] of written) {
        const stored = await wholeStream(log, stream);
        t.deepEqual(idsOf(stored), ids);
        t.true(
          stored.every(
            (event, index) =>
              event.revision === index && isIntact(event, stored[index - 1]?.metadata.hash ?? null),
          ),
        );
      }
      while (seen.length < total) await new Promise((resolve) => setTimeout(resolve, 5));
      stop.abort();
      await following;
      t.is(seen.length, total);
      t.is(new Set(idsOf(seen)).size, total);
      const positions = seen.map(({ position }) => position);
      t.deepEqual([...positions].sort(), positions);
    },
  };
};
