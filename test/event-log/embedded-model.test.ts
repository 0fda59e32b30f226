import test from 'ava';
import fc from 'fast-check';
import type { EventLog, ExpectedRevision, SealedEvent } from '../../event-log/event-log.ts';
import { start } from '../../event-log/event-log.ts';
import { seal } from '../../event-log/seal.ts';
import { aFile, openedLog } from './a-file.ts';
import { left, right, someEvents } from './an-event.ts';

/** What a log is, in ten lines: events by stream, and all in order. */
type Model = {
  readonly streams: Map<string, ReadonlyArray<SealedEvent>>;
  readonly all: Array<string>;
  readonly appends: Array<readonly [string, ExpectedRevision, ReadonlyArray<SealedEvent>]>;
};
type Real = { log: EventLog; readonly reopen: () => Promise<EventLog> };

const names = ['m_a-1', 'm_a-2', 'm_b-1'];
const known = (model: Model, stream: string): ReadonlyArray<SealedEvent> =>
  model.streams.get(stream) ?? [];

const same = (what: string, seen: ReadonlyArray<string>, due: ReadonlyArray<string>): void => {
  if (seen.join() !== due.join()) throw new Error(`${what}: ${seen.join()} is not ${due.join()}`);
};

/** Expected revision and sealed events for an append at, below or above the stream's end. */
const attempt = (
  stream: string,
  before: ReadonlyArray<SealedEvent>,
  offset: number,
  count: number,
) => {
  const revision = Math.max(before.length - 1 + offset, -1);
  const hash = before[revision]?.metadata.hash ?? 'none';
  const head = revision < 0 ? undefined : { revision, hash };
  const expected: ExpectedRevision = revision < 0 ? 'no-stream' : revision;
  const fits = revision === before.length - 1;
  const actual: ExpectedRevision = before.length === 0 ? 'no-stream' : before.length - 1;
  return { expected, events: seal(stream, head, someEvents(count)), fits, actual };
};

const appendAt = (index: number, offset: number, count: number): fc.AsyncCommand<Model, Real> => ({
  check: () => true,
  toString: () => `append ${count} to ${names[index] ?? ''} at end${offset}`,
  run: async (model, { log }) => {
    const stream = names[index] ?? '';
    const before = known(model, stream);
    const { expected, events, fits, actual } = attempt(stream, before, offset, count);
    const append = log.append(stream, expected, events);
    if (!fits) {
      const conflict = { code: 'conflict', stream, expected, actual };
      same('the conflict', [JSON.stringify(await left(append))], [JSON.stringify(conflict)]);
      return;
    }
    const { revision } = await right(append);
    same('the revision', [String(revision)], [String(before.length + count - 1)]);
    model.streams.set(stream, [...before, ...events]);
    model.all.push(...events.map(({ id }) => id));
    model.appends.push([stream, expected, events]);
  },
});

const repeat = (nth: number): fc.AsyncCommand<Model, Real> => ({
  check: ({ appends }) => appends.length > 0,
  toString: () => `repeat append ${nth}`,
  run: async ({ appends }, { log }) => {
    const append = appends[nth % appends.length];
    if (append !== undefined) await right(log.append(...append));
  },
});

const reopen: fc.AsyncCommand<Model, Real> = {
  check: () => true,
  toString: () => 'close and open again',
  run: async (_, real) => {
    await real.log.close();
    real.log = await real.reopen();
  },
};

const readEverything = (max: number): fc.AsyncCommand<Model, Real> => ({
  check: () => true,
  toString: () => `read everything by ${max}`,
  run: async ({ streams, all }, { log }) => {
    const seen: Array<string> = [];
    for (let from = start, atEnd = false; !atEnd;) {
      const page = await right(log.readAll(from, {}, max));
      seen.push(...page.events.map(({ id }) => id));
      from = page.upTo;
      atEnd = page.atEnd;
    }
    same('the log', seen, all);
    for (const stream of names) {
      const stored = await right(log.readStream(stream, 0, 1000));
      same(
        stream,
        stored.map(({ id }) => id),
        (streams.get(stream) ?? []).map(({ id }) => id),
      );
    }
  },
});

test('whatever is done to the log, it holds what a list in memory holds', async (t) => {
  const commands = fc.commands(
    [
      fc
        .tuple(fc.nat(2), fc.constantFrom(0, 0, 0, -1, -2, 1), fc.integer({ min: 1, max: 4 }))
        .map((args) => appendAt(...args)),
      fc.nat(20).map(repeat),
      fc.constant(reopen),
      fc.integer({ min: 1, max: 7 }).map(readEverything),
    ],
    { maxCommands: 40 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (script) => {
      const file = await aFile(t);
      const open = () => openedLog(t, { file });
      const real: Real = { log: await open(), reopen: open };
      const model: Model = { streams: new Map(), all: [], appends: [] };
      await fc.asyncModelRun(() => ({ model, real }), script);
      await readEverything(3).run(model, real);
      await real.log.close();
    }),
    { numRuns: 25 },
  );
  t.pass();
});
