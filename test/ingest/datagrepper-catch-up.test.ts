import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { appendMessage } from '../../ingest/append-message.ts';
import { catchUpWith } from '../../ingest/datagrepper/catch-up.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Search } from '../../ingest/datagrepper/search.ts';
import { normaliseAnything } from '../../ingest/normal-form.ts';
import { aCatchUpWorld, minutesAgo, sent } from '../support/catch-up-world.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import { eventsOf } from '../support/ingest-world.ts';
import { post } from '../support/sandbox.ts';
import { must } from '../support/service.ts';

const many = (count: number, from: number, to: number) =>
  Array.from({ length: count }, (_, at) =>
    sent(`m${at}`, minutesAgo(from + ((to - from) * at) / count)),
  );

test('what was published is on record after one catch-up, and once after two', async (t) => {
  const { publish, run, aim, recorded, typesNoted } = await aCatchUpWorld(t);
  await publish(...many(250, 50, 10));
  t.deepEqual(must(await run(aim(minutesAgo(60)))), { messages: 250, missed: 250 });
  const again = must(await run(aim(minutesAgo(60), 3_600_000)));
  t.deepEqual(again, { messages: 250, missed: 0 });
  for (const id of ['m0', 'm99', 'm100', 'm249']) t.is(await recorded(id), 1);
  t.deepEqual(
    (await typesNoted()).filter((type) => type !== 'CatchUpAdvanced'),
    ['CatchUpBegun', 'CatchUpCompleted', 'CatchUpBegun', 'CatchUpCompleted'],
  );
});

test('a message lost before others that came is found', async (t) => {
  const { publish, run, aim, log, depsOf, recorded } = await aCatchUpWorld(t);
  await publish(sent('lost', minutesAgo(30)), sent('heard', minutesAgo(20)));
  const text = `{"topic": "some.thing", "id": "heard", "headers": {}, "body": {}}`;
  const heard = normaliseAnything(JSON.parse(text) as never, { text });
  must(await appendMessage({ ...depsOf('x').ingest, log, transport: 'amqp' })(heard, 'real')());
  t.deepEqual(must(await run(aim(minutesAgo(60)))), { messages: 2, missed: 1 });
  t.is(await recorded('lost'), 1);
  t.is(await recorded('heard'), 1);
});

test('the next window reaches back over what is stored late, and no further', async (t) => {
  const { publish, run, aim, state, recorded } = await aCatchUpWorld(t);
  await publish(sent('first', minutesAgo(40)));
  must(await run(aim(minutesAgo(60))));
  await publish(sent('late', minutesAgo(0.5)), sent('far-too-late', minutesAgo(5)));
  t.deepEqual(must(await run(aim(minutesAgo(60)))), { messages: 1, missed: 1 });
  t.is(await recorded('late'), 1);
  t.is(await recorded('far-too-late'), 0);
  t.is((await state()).runs, 2);
});

test('what the log refuses for good of a message is set aside, and the run goes on', async (t) => {
  const { sandbox, run, aim, log, depsOf, recorded, publish } = await aCatchUpWorld(t);
  const { msg } = JSON.parse(fixtureText('git.receive/spec')) as { readonly msg: unknown };
  const headers = { 'sent-at': minutesAgo(20) };
  const large = { id: 'large', topic: 'git.receive', headers, body: msg };
  await post(sandbox, '/sandbox/messages', { messages: [large] });
  await publish(sent('other', minutesAgo(10)));
  const picky: EventLog = {
    ...log,
    append: (stream, expected, events) =>
      events.some(({ type }) => type === 'MessageUnderstood')
        ? TE.left({ code: 'too-large', bytes: 300_000, limit: 262_144 })
        : log.append(stream, expected, events),
  };
  const ingest = { ...depsOf('x').ingest, log: picky };
  t.deepEqual(must(await run(aim(minutesAgo(60)), { ingest })), { messages: 2, missed: 2 });
  t.is(await recorded('other'), 1);
  const [observed, aside] = await eventsOf(log, 'message-large');
  t.is(observed?.type, 'MessageObserved');
  t.is(aside?.data['code'], 'unreadable-message');
});

test('only the topics that are asked for are fetched', async (t) => {
  const { publish, run, aim } = await aCatchUpWorld(t);
  await publish(sent('one', minutesAgo(5), 'a.b'), sent('two', minutesAgo(5), 'a.c'));
  const topics = ['org.fedoraproject.prod.a.c', 'org.fedoraproject.prod.a.d'];
  t.deepEqual(must(await run(aim(minutesAgo(60)), { topics })), { messages: 1, missed: 1 });
});

test('what a rehearsal has fetched covers nothing of what is fetched for real', async (t) => {
  const { publish, run, aim, state, recorded } = await aCatchUpWorld(t);
  await publish(sent('one', minutesAgo(5)));
  t.like(must(await run(aim(minutesAgo(60)), { realm: 'rehearsal' })), { missed: 1 });
  t.is(await recorded('one'), 0);
  t.is((await state()).covered.all, null);
  t.deepEqual(must(await run(aim(minutesAgo(60)))), { messages: 1, missed: 1 });
  t.is(await recorded('one'), 1);
  t.is((await state('rehearsal')).runs, 1);
});

test('a window of days is read day by day, whole', async (t) => {
  const { publish, run, aim, noted } = await aCatchUpWorld(t);
  const day = 24 * 60;
  await publish(...[0.5, 1.5, 2.5, 3.5].map((days) => sent(`d${days}`, minutesAgo(days * day))));
  t.like(must(await run(aim(minutesAgo(4 * day)))), { missed: 4 });
  const parts = (await noted()).filter(({ type }) => type === 'CatchUpAdvanced');
  t.is(new Set(parts.map(({ data }) => data['partFrom'])).size, 5);
  for (const [at, { data }] of parts.entries()) {
    if (at > 0) t.is(data['partFrom'], parts[at - 1]?.data['partTo']);
  }
});

/** Lets so many questions through, and fails from then on. */
const failingAfter = (search: Search, questions: number): Search => {
  let asked = 0;
  return (question, signal) => {
    asked += 1;
    return asked <= questions
      ? search(question, signal)
      : TE.left({ code: 'datagrepper-unavailable', reason: 'it is down' });
  };
};

test('what failed half-way goes on where it was, whoever comes next', async (t) => {
  const { publish, run, aim, depsOf, state } = await aCatchUpWorld(t);
  await publish(...many(450, 50, 10));
  const wanted = aim(minutesAgo(60));
  const { search } = depsOf('a');
  const failed = await run(wanted, { search: failingAfter(search, 2) });
  t.deepEqual(failed, E.left({ code: 'datagrepper-unavailable', reason: 'it is down' }));
  t.like((await state()).byItself.running, {
    run: 1,
    progress: { page: 2, pages: 5, messages: 200 },
  });
  const pages: Array<number> = [];
  const watched: Search = (question, signal) => {
    pages.push(question.page);
    return search(question, signal);
  };
  const done = must(await run(wanted, { owner: 'b', search: watched }));
  t.deepEqual(done, { messages: 450, missed: 450 });
  t.deepEqual(pages, [3, 4, 5]);
});

test('who goes on with fewer topics asks for all that were begun with, and what it wants itself is covered', async (t) => {
  const { publish, run, aim, depsOf, state, recorded } = await aCatchUpWorld(t);
  await publish(...many(450, 50, 10));
  const wanted = aim(minutesAgo(60));
  await run(wanted, { search: failingAfter(depsOf('a').search, 2) });
  const topics = ['org.fedoraproject.prod.rare'];
  must(await run(wanted, { owner: 'b', topics }));
  for (const id of ['m0', 'm249', 'm449']) t.is(await recorded(id), 1);
  t.is((await state()).runs, 1);
});

test('topics that were not asked for before are fetched from the beginning of the log on', async (t) => {
  const { publish, run, aim, recorded } = await aCatchUpWorld(t);
  await publish(sent('one', minutesAgo(30), 'a.b'), sent('two', minutesAgo(30), 'a.c'));
  const [b, c] = ['org.fedoraproject.prod.a.b', 'org.fedoraproject.prod.a.c'];
  must(await run(aim(minutesAgo(60)), { topics: [b] }));
  t.is(await recorded('two'), 0);
  must(await run(aim(minutesAgo(60)), { topics: [b, c] }));
  t.is(await recorded('two'), 1);
  t.deepEqual(must(await run(aim(minutesAgo(60)), { topics: [c] })), { messages: 0, missed: 0 });
});

test('an order that is stopped half-way is not carried by what comes by itself', async (t) => {
  const { publish, run, aim, state } = await aCatchUpWorld(t);
  await publish(...many(450, 50, 10));
  const [from, to] = [minutesAgo(60), minutesAgo(5)];
  const order = { why: 'order', by: 'ann', from, to } as const;
  const stopping = new AbortController();
  await run(order, { onProgress: () => stopping.abort() }, stopping.signal);
  t.deepEqual(must(await run(aim(minutesAgo(1)))), { messages: 0, missed: 0 });
  t.like((await state()).ordered.running, { progress: { page: 1, pages: 5 } });
  t.deepEqual(must(await run(order, { owner: 'b' })), { messages: 450, missed: 450 });
  t.is((await state()).runs, 2);
});

test('an interrupted one lets go at once, and goes on where it was', async (t) => {
  const { publish, run, aim, state } = await aCatchUpWorld(t);
  await publish(...many(450, 50, 10));
  const wanted = aim(minutesAgo(60));
  const stopping = new AbortController();
  const stop = { onProgress: () => stopping.abort() };
  const stopped = await run(wanted, stop, stopping.signal);
  t.like(stopped, { left: { code: 'interrupted' } });
  t.like((await state()).byItself.running, { progress: { page: 1, pages: 5 } });
  t.like(must(await run(wanted, { owner: 'b' })), { messages: 450 });
});

test('one that died is taken over after its deadline, not before', async (t) => {
  const { publish, aim, depsOf, state, typesNoted } = await aCatchUpWorld(t);
  await publish(...many(250, 50, 10));
  const wanted = aim(minutesAgo(60));
  const never = new AbortController().signal;
  const { search } = depsOf('a');
  const timing = { lease: 1500, note: 0, look: 20 };
  const dies: Search = (question, signal) =>
    question.page === 2 ? () => new Promise(() => undefined) : search(question, signal);
  void catchUpWith(depsOf('dead', { search: dies, timing }))(wanted, never);
  const waits: Array<string> = [];
  while ((await state()).byItself.running?.progress == null) await new Promise(setImmediate);
  const onWait = (reason: string): void => void waits.push(reason);
  const done = await catchUpWith(depsOf('heir', { timing, onWait }))(wanted, never);
  t.deepEqual(must(done), { messages: 250, missed: 250 });
  t.regex(waits[0] ?? '', /^dead is fetching what was sent from .* alive until/);
  t.true((await typesNoted()).includes('CatchUpTakenOver'));
});

test('of several at once one fetches, and all learn what came of it', async (t) => {
  const { publish, aim, depsOf, state, recorded } = await aCatchUpWorld(t);
  await publish(...many(250, 50, 10));
  const wanted = aim(minutesAgo(60));
  const never = new AbortController().signal;
  let asked = 0;
  const { search } = depsOf('a');
  const counted: Search = (question, signal) => {
    asked += 1;
    return search(question, signal);
  };
  const results = await Promise.all(
    ['a', 'b', 'c'].map((owner) => catchUpWith(depsOf(owner, { search: counted }))(wanted, never)),
  );
  t.deepEqual(results.map(must), Array(3).fill({ messages: 250, missed: 250 }));
  t.is((await state()).runs, 1);
  t.is(asked, 3);
  t.is(await recorded('m77'), 1);
});

test('what datagrepper refuses is given up on record, and the next one begins anew', async (t) => {
  const { sandbox, publish, run, aim, state, typesNoted } = await aCatchUpWorld(t);
  await publish(sent('one', minutesAgo(5)));
  const refusing: Search = () => TE.left({ code: 'datagrepper-refused', reason: 'page?' });
  const refused = await run(aim(minutesAgo(60)), { search: refusing });
  t.like(refused, { left: { code: 'datagrepper-refused' } });
  t.deepEqual(await typesNoted(), ['CatchUpBegun', 'CatchUpAbandoned']);
  t.is((await state()).covered.all, null);
  await post(sandbox, '/sandbox/misbehave', { kind: 'datagrepper-unavailable', count: 1 });
  t.like(await run(aim(minutesAgo(60))), { left: { code: 'datagrepper-unavailable' } });
  t.like(must(await run(aim(minutesAgo(60)))), { missed: 1 });
});

test('what is in the answer and is no message is on record too', async (t) => {
  const { run, aim, log } = await aCatchUpWorld(t);
  const text = '{"no": "topic"}';
  const search: Search = () =>
    TE.right({ pages: 1, messages: [{ raw: { no: 'topic' }, source: { text } }] });
  t.deepEqual(must(await run(aim(minutesAgo(60)), { search })), { messages: 1, missed: 1 });
  const page = must(await log.readAll('', { types: ['MessageSetAside'] }, 10)());
  t.is(page.events.length, 1);
  t.like(page.events[0]?.data, { code: 'unreadable-message' });
});
