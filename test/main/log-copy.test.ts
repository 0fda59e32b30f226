import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { verify } from '../../audit/verify.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import { openEventStoreLog } from '../../event-log/eventstoredb/eventstoredb-log.ts';
import type { CopyDeps } from '../../main/commands/log-copy.ts';
import { logCopy } from '../../main/commands/log-copy.ts';
import { writeAsNewer } from '../support/newer-version.ts';
import { openStandIn } from '../support/eventstore/stand-in.ts';
import { aFolder } from '../support/ingest-world.ts';
import { allOf, eventsIn, logOf, putInto } from '../support/logs.ts';
import { must, runToDeath } from '../support/service.ts';

type Opened = TE.TaskEither<LogFailure, EventLog>;
const inFile = (file: string): Opened => openEmbeddedLog({ file });
const history = eventsIn(logOf('0.1'));

/** A log of its own with so many events of a real history. */
const aLog = async (t: ExecutionContext, count = 200, from = 0): Promise<string> => {
  const file = join(aFolder(t), 'log.db');
  const log = must(await inFile(file)());
  await putInto(log, history.slice(from, from + count));
  await log.close();
  return file;
};

const aServer = async (t: ExecutionContext): Promise<Opened> => {
  const { connectionString, close } = await openStandIn();
  t.teardown(close);
  return openEventStoreLog({ connectionString });
};

const copy = async (
  openSource: Opened,
  openTarget: Opened,
  changes: Partial<CopyDeps> = {},
  json = false,
) => {
  const said = { out: '', err: '' };
  const code = await logCopy(
    {
      ...{ openSource, openTarget, isTerminal: false, clock: () => 0 },
      stdout: (text) => {
        said.out += text;
        return Promise.resolve();
      },
      stderr: (text) => void (said.err += text),
      ...changes,
    },
    { json },
  );
  return { code, ...said };
};

const held = async (open: Opened) => {
  const log = must(await open());
  const events = (await allOf(log)).map((event) => ({ ...event, position: '' }));
  const verdict = must(await verify(log)());
  await log.close();
  return { events, digest: verdict.digest, faults: verdict.faultCount };
};

test('a log copied to EventStoreDB and back is the same log: order, ids, hashes and digest', async (t) => {
  const [first, second] = [await aLog(t, history.length), join(aFolder(t), 'log.db')];
  const server = await aServer(t);
  const there = await copy(inFile(first), server);
  t.is(there.code, 0, there.err);
  t.regex(there.out, /^1362 events copied; both sides are intact and equal: 1362 events in 346/);
  const back = await copy(server, inFile(second), {}, true);
  t.is(back.code, 0, back.err);
  const before = await held(inFile(first));
  t.deepEqual(await held(server), before);
  t.deepEqual(await held(inFile(second)), before);
  t.is(before.faults, 0);
  const { digest } = before;
  t.like(JSON.parse(back.out), { digest, events: 1362, copied: 1362, wentOn: false });
});

test('a copy that is complete copies nothing more', async (t) => {
  const [from, to] = [await aLog(t), join(aFolder(t), 'log.db')];
  t.is((await copy(inFile(from), inFile(to))).code, 0);
  const again = await copy(inFile(from), inFile(to));
  t.is(again.code, 0);
  t.regex(again.out, /^0 events copied; both sides are intact and equal: 200 events/);
});

for (const when of ['before', 'after']) {
  test(`a copy killed ${when} an append goes on where it stopped`, async (t) => {
    const [from, to] = [await aLog(t), join(aFolder(t), 'log.db')];
    const death = await runToDeath('dying-copy.ts', [from, to, '40', when]);
    t.is(death.signal, 'SIGKILL', death.said);
    const { length } = (await held(inFile(to))).events;
    t.true(length > 0 && length < 200, String(length));
    const { code, err, out } = await copy(inFile(from), inFile(to));
    t.is(code, 0, err);
    t.regex(err, new RegExp(`^${length} events are there already; going on after them`));
    t.regex(out, new RegExp(`^${200 - length} events copied`));
    t.deepEqual(await held(inFile(to)), await held(inFile(from)));
  });
}

test('an interrupted copy says how far it came, and goes on', async (t) => {
  const [from, to] = [await aLog(t), join(aFolder(t), 'log.db')];
  const stopping = new AbortController();
  let appends = 0;
  const openTarget = TE.map((log: EventLog): EventLog => ({
    ...log,
    append: (...given) => {
      appends += 1;
      if (appends === 30) stopping.abort();
      return log.append(...given);
    },
  }))(inFile(to));
  const first = await copy(inFile(from), openTarget, { signal: stopping.signal });
  t.is(first.code, 130);
  t.regex(first.err, /Interrupted after \d+ of 200 events; run it again to go on/);
  t.is((await copy(inFile(from), inFile(to))).code, 0);
});

test('an append whose outcome got lost is written once', async (t) => {
  const [from, to] = [await aLog(t), join(aFolder(t), 'log.db')];
  let appends = 0;
  const forgetful = TE.map((log: EventLog): EventLog => ({
    ...log,
    append:
      (...given) =>
      async () => {
        appends += 1;
        const written = await log.append(...given)();
        const lost = { code: 'outcome-unknown', reason: 'the line was cut' } as const;
        return appends % 20 === 0 ? E.left(lost) : written;
      },
  }))(inFile(to));
  t.is((await copy(inFile(from), forgetful)).code, 0);
  t.true(appends > 20);
  t.deepEqual(await held(inFile(to)), await held(inFile(from)));
});

test('a target that holds another log is refused with the first difference, and left as it is', async (t) => {
  const [from, to] = [await aLog(t, 50), await aLog(t, 3)];
  const log = must(await inFile(to)());
  await writeAsNewer(log, 'foreign-1', { type: 'SomethingElse' });
  await log.close();
  const before = await held(inFile(to));
  const { code, err } = await copy(inFile(from), inFile(to));
  t.is(code, 2);
  t.regex(err, /event 4 of the target is SomethingElse at foreign-1@0.*of the source it is \w+ at/);
  t.deepEqual(await held(inFile(to)), before);
});

test('a target that goes on beyond the source is refused', async (t) => {
  const { code, err } = await copy(inFile(await aLog(t, 10)), inFile(await aLog(t, 12)));
  t.is(code, 2);
  t.regex(err, /event 11 of the target is .* of the source it is nothing/);
});

test('of a damaged source nothing is copied, and the damage is named', async (t) => {
  const [from, to] = [await aLog(t, 50), join(aFolder(t), 'log.db')];
  const damaged = TE.map((log: EventLog): EventLog => ({
    ...log,
    readAll: (...asked) =>
      TE.map((page: { readonly events: ReadonlyArray<object> }) => ({
        ...page,
        events: page.events.map((event, at) => (at === 20 ? { ...event, data: {} } : event)),
      }))(log.readAll(...asked)) as unknown as ReturnType<EventLog['readAll']>,
  }))(inFile(from));
  const { code, err } = await copy(damaged, inFile(to));
  t.is(code, 1);
  t.regex(
    err,
    /the source is BROKEN \(faults: 1\), the first at \S+@\d+ \(altered\).*Nothing was copied/,
  );
  t.is((await held(inFile(to))).events.length, 0);
});

test('what a service appends to the source meanwhile is told, and taken along by the next run', async (t) => {
  const [from, to] = [await aLog(t, 50), join(aFolder(t), 'log.db')];
  const source = must(await inFile(from)());
  let isNews = true;
  const openTarget = TE.map((log: EventLog): EventLog => ({
    ...log,
    append:
      (...given) =>
      async () => {
        if (isNews) await writeAsNewer(source, 'operator-late', { type: 'CameLate' });
        isNews = false;
        return log.append(...given)();
      },
  }))(inFile(to));
  const first = await copy(inFile(from), openTarget);
  t.is(first.code, 1);
  t.regex(first.out, /^50 events copied.*The source went on while it was copied/s);
  await source.close();
  const second = await copy(inFile(from), inFile(to));
  t.is(second.code, 0);
  t.regex(second.out, /^1 events copied.*51 events/);
});

test('a side that cannot be had is out of reach, and the sentence names it', async (t) => {
  const away = { code: 'unavailable', reason: 'nobody answers' } as const;
  const from = inFile(await aLog(t, 5));
  const target = await copy(from, TE.left(away));
  t.is(target.code, 4);
  t.regex(target.err, /the target cannot be opened: nobody answers/);
  const source = await copy(TE.left(away), from);
  t.is(source.code, 4);
  t.regex(source.err, /the source cannot be opened: nobody answers/);
});

test('on a terminal a copy shows how far it is, how fast, and how long still', async (t) => {
  const [from, to] = [await aLog(t), join(aFolder(t), 'log.db')];
  let now = 0;
  const clock = () => (now += 250);
  const { code, err } = await copy(inFile(from), inFile(to), { isTerminal: true, clock });
  t.is(code, 0);
  t.regex(err, /\r\u001b\[K\d+ of 200 events copied, \d+\/s, about \S.* left/);
  t.regex(err, /events of the source verified/);
  t.true(err.endsWith('\r\u001b[K'), 'the last line is wiped away');
});

test('whoever else writes to the target is found out, and nothing of theirs is touched', async (t) => {
  const [from, to] = [await aLog(t, 50), join(aFolder(t), 'log.db')];
  const { stream = '' } = history[40] ?? {};
  let appends = 0;
  const used = TE.map((log: EventLog): EventLog => ({
    ...log,
    append:
      (...given) =>
      async () => {
        appends += 1;
        if (appends === 2) await writeAsNewer(log, stream, { type: 'SomebodyWasHere' });
        return log.append(...given)();
      },
  }))(inFile(to));
  const { code, err, out } = await copy(inFile(from), used);
  t.is(out, '');
  t.not(code, 0);
  t.regex(err, /another process writes to the target; stop it|Somebody wrote to the target/);
  const theirs = (await held(inFile(to))).events.filter(({ type }) => type === 'SomebodyWasHere');
  t.is(theirs.length, 1);
});
