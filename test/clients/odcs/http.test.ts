import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { ComposeOrder, OdcsFailure } from '../../../clients/odcs/port.ts';
import { anOdcs } from '../../support/odcs-server.ts';

type Task<A> = () => Promise<E.Either<OdcsFailure, A>>;
const right = async <A>(task: Task<A>): Promise<A> => {
  const outcome = await task();
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};
const left = async (task: Task<unknown>): Promise<OdcsFailure> => {
  const outcome = await task();
  if (E.isLeft(outcome)) return outcome.left;
  throw new Error(`succeeded with ${JSON.stringify(outcome.right)}`);
};

const order: ComposeOrder = {
  ...{ builds: ['bash-5.1-2.f28'], packages: ['bash', 'bash-doc'], sigkeys: ['deadbeef', ''] },
  ...{ arches: ['x86_64', 's390x'], secondsToLive: 3600 },
};

test('a compose is asked for as a repository of exactly these builds, with the token', async (t) => {
  const { odcs, asked } = await anOdcs(t);
  const token = (): Promise<string> => Promise.resolve('sesame');
  const made = await right(odcs({ token }).create(order));
  t.deepEqual(made, {
    ...{ id: 1, state: 0, stateName: 'wait', stateReason: null },
    ...{ builds: order.builds, packages: order.packages },
    resultRepofile: made.resultRepofile,
    expiresAt: '2026-03-02T10:00:00.000Z',
  });
  const { builds, packages, sigkeys, arches } = order;
  t.is(asked[0]?.authorization, 'Bearer sesame');
  t.deepEqual(asked[0]?.body, {
    ...{ source: { type: 'build', builds, sigkeys, packages }, arches },
    ...{ flags: ['no_deps'], results: ['repository'], seconds_to_live: 3600 },
  });
});

test('of a reason as long as a log file the beginning is kept', async (t) => {
  const { odcs, set } = await anOdcs(t);
  const { id } = await right(odcs().create(order));
  set(id, { state: 4, state_reason: 'no room '.repeat(100_000) });
  const { stateReason } = await right(odcs().get(id));
  t.is(stateReason, 'no room '.repeat(500));
});

test('reading is anonymous', async (t) => {
  const { odcs, asked } = await anOdcs(t);
  const client = odcs({ token: 'sesame' });
  await right(client.create(order));
  await right(client.get(1));
  await right(client.newestId());
  t.deepEqual(
    asked.map(({ authorization }) => authorization),
    ['Bearer sesame', undefined, undefined],
  );
});

test('the newest id is that of the last compose, and 0 where there is none', async (t) => {
  const { odcs } = await anOdcs(t);
  t.is(await right(odcs().newestId()), 0);
  await right(odcs().create(order));
  await right(odcs().create(order));
  t.is(await right(odcs().newestId()), 2);
});

test('what is listed in another order than newest first is not believed', async (t) => {
  const { odcs, rows } = await anOdcs(t);
  await right(odcs().create(order));
  await right(odcs().create(order));
  rows.reverse();
  t.is((await left(odcs().newestId())).code, 'odcs-unreadable');
  t.is((await left(odcs().find(order, 0))).code, 'odcs-unreadable');
});

test('of composes above an id the newest of exactly these builds and packages is found', async (t) => {
  const { odcs, set } = await anOdcs(t);
  const others = [
    { ...order, builds: ['bash-5.1-1.f28'] },
    { ...order, packages: ['bash'] },
  ];
  for (const one of [order, order, order, ...others]) await right(odcs().create(one));
  t.is((await right(odcs().find(order, 0)))?.id, 3);
  t.is((await right(odcs().find({ ...order, packages: ['bash-doc', 'bash'] }, 2)))?.id, 3);
  t.is(await right(odcs().find(order, 3)), undefined);
  set(3, { source_type: 1 });
  t.is((await right(odcs().find(order, 0)))?.id, 2);
});

test('of composes only those of our own name are found, where it is known', async (t) => {
  const { odcs, set } = await anOdcs(t);
  await right(odcs().create(order));
  await right(odcs().create(order));
  set(2, { owner: 'them' });
  t.is((await right(odcs({ owner: 'us' }).find(order, 0)))?.id, 1);
});

test('a compose is found past the first page, and what lies below the id is not read', async (t) => {
  const { odcs, asked } = await anOdcs(t);
  const crowd = Array.from({ length: 160 }, (_, i) => ({ ...order, packages: [`p${i}`] }));
  for (const one of crowd) await right(odcs().create(one));
  const [wanted] = crowd.slice(30);
  const listed = () => asked.filter(({ url }) => url.searchParams.has('source_type')).length;
  t.is((await right(odcs().find(wanted ?? order, 0)))?.id, 31);
  t.is(listed(), 3);
  t.is(await right(odcs().find(order, 90)), undefined);
  t.is(listed(), 5);
});

test('a compose that is done lives longer under its own id, one that is gone under a new one', async (t) => {
  const { odcs, set, asked } = await anOdcs(t);
  await right(odcs().create(order));
  t.is((await left(odcs().renew(1, 7200))).code, 'odcs-missing');
  set(1, { state: 2 });
  t.like(await right(odcs().renew(1, 7200)), { id: 1, expiresAt: '2026-03-03T10:00:00.000Z' });
  t.like(asked.at(-1), { method: 'PATCH', body: { seconds_to_live: 7200 } });
  set(1, { state: 3 });
  t.like(await right(odcs().renew(1, 7200)), { id: 2, stateName: 'wait' });
});

test('a removal is accepted, and what is not there is said to be missing', async (t) => {
  const { odcs } = await anOdcs(t);
  await right(odcs().create(order));
  t.is(await right(odcs().remove(1)), undefined);
  t.is((await left(odcs().remove(2))).code, 'odcs-missing');
  const missing = await left(odcs().get(2));
  t.is(missing.code, 'odcs-missing');
  t.regex(missing.reason, /GET .*composes\/2: 404, No such compose found\./);
});

for (const [fault, code] of [
  ['reset-before', 'odcs-unknown-outcome'],
  ['reset-after', 'odcs-unknown-outcome'],
  ['garbled-after', 'odcs-unknown-outcome'],
  [500, 'odcs-unknown-outcome'],
  [502, 'odcs-unknown-outcome'],
  [429, 'odcs-unavailable'],
  [503, 'odcs-unavailable'],
  [400, 'odcs-refused'],
  [401, 'odcs-refused'],
  [404, 'odcs-refused'],
  [302, 'odcs-refused'],
] as const) {
  test(`a creation that meets ${fault} is ${code}`, async (t) => {
    const { odcs, faults } = await anOdcs(t);
    faults.push(fault);
    t.is((await left(odcs().create(order))).code, code);
  });
}

test('an answer that does not come in time leaves the outcome unknown', async (t) => {
  const { odcs, faults, rows } = await anOdcs(t);
  faults.push('silent-after');
  const failure = await left(odcs({ callTimeout: 2000 }).create(order));
  t.is(failure.code, 'odcs-unknown-outcome');
  t.regex(failure.reason, /no answer within 2000 ms/);
  t.is(rows.length, 1);
});

test('an ODCS that cannot be reached is unavailable, nothing having been sent', async (t) => {
  const socket = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => socket.once('listening', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  const { odcs } = await anOdcs(t);
  const away = odcs({ baseUrl: `http://127.0.0.1:${port}/` });
  t.is((await left(away.create(order))).code, 'odcs-unavailable');
});

test('a token that cannot be sent or had is told as such, and nothing is sent', async (t) => {
  const { odcs, asked } = await anOdcs(t);
  const empty = await left(odcs({ token: '' }).create(order));
  t.regex(empty.reason, /token for ODCS is empty/);
  const token = () => Promise.reject(new Error('no ticket'));
  t.regex((await left(odcs({ token }).create(order))).reason, /no ticket/);
  t.is(asked.length, 0);
});

test('an answer that is too long is not read', async (t) => {
  const { odcs } = await anOdcs(t);
  await right(odcs().create(order));
  const failure = await left(odcs({ maxAnswerBytes: 50 }).get(1));
  t.is(failure.code, 'odcs-unreadable');
  t.regex(failure.reason, /longer than 50 bytes/);
});

test('a repo file exists when its host has it', async (t) => {
  const { odcs, files } = await anOdcs(t);
  const { resultRepofile } = await right(odcs({ token: 'sesame' }).create(order));
  const exists = odcs({ token: 'sesame' }).repofileExists(resultRepofile ?? '');
  t.false(await right(exists));
  files.add(1);
  t.true(await right(exists));
});

test('a host of repo files that cannot be reached is no answer', async (t) => {
  const { odcs } = await anOdcs(t);
  const failure = await left(odcs().repofileExists('http://127.0.0.1:1/x.repo'));
  t.is(failure.code, 'odcs-unavailable');
});
