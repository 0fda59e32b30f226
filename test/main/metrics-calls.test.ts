import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { absentOdcs } from '../../main/backend/absent-clients.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import { countedClients, countHere } from '../../main/metrics/calls.ts';
import type { Called } from '../../main/metrics/observed.ts';
import { observed } from '../../main/metrics/observed.ts';
import { distributionOf, aSandbox, post } from '../support/sandbox.ts';
import { readExposition, valuesOf } from '../support/metrics-text.ts';
import { configFor, must } from '../support/service.ts';

type Call = Parameters<Called>[0];

test('a call is told by operation, outcome and duration, and answers as it did', async (t) => {
  const told: Array<Call> = [];
  let clock = 0;
  const port = {
    callTimeout: 5,
    nameOf: (id: number) => `name ${id}`,
    get: (id: number) => async () => {
      clock += 1500;
      return id === 1 ? TE.right('one')() : TE.left({ code: 'mbs-missing' })();
    },
    fail: () => () => Promise.reject(new Error('ours')),
  };
  const watched = observed(
    'mbs',
    port,
    (call) => told.push(call),
    () => clock,
  );
  t.is(watched.callTimeout, 5);
  t.is(watched.nameOf(3), 'name 3');
  t.is(must(await watched.get(1)()), 'one');
  t.like(await watched.get(2)(), { left: { code: 'mbs-missing' } });
  await t.throwsAsync(watched.fail()(), { message: 'ours' });
  t.deepEqual(told, [
    { service: 'mbs', operation: 'get', outcome: 'answered', seconds: 1.5 },
    { service: 'mbs', operation: 'get', outcome: 'mbs-missing', seconds: 1.5 },
    { service: 'mbs', operation: 'fail', outcome: 'bug', seconds: 0 },
  ]);
});

test('calls of the real clients are counted with their latency, of git as well', async (t) => {
  const sandbox = await aSandbox(t, { distribution: distributionOf('top:f28 holds bash@f28') });
  const config = configFor(sandbox, sandbox.gitFolder);
  const counted = countHere();
  const clients = countedClients(clientsOf(config, process.env), counted.called);
  must(await clients.mbs.readyPage(1, 10)());
  await post(sandbox, '/sandbox/misbehave', { kind: 'koji-offline' });
  t.like(await clients.koji.task(1)(), { left: { code: 'koji-unavailable' } });
  must(await clients.distGit.head('modules', 'top', 'f28')());
  const samples = readExposition(await counted.text());
  const calls = valuesOf(samples, 'freshmaker_calls_total', 'service', 'operation', 'outcome');
  t.deepEqual(calls, {
    'mbs readyPage answered': 1,
    'koji task koji-unavailable': 1,
    'dist-git head answered': 1,
  });
  const latencies = valuesOf(samples, 'freshmaker_call_seconds_count', 'service', 'operation');
  t.deepEqual(latencies, { 'mbs readyPage': 1, 'koji task': 1, 'dist-git head': 1 });
});

test('a service that is not configured is not called, and nothing is counted of it', async (t) => {
  const counted = countHere();
  const config = must(loadConfig({}, {}));
  const clients = countedClients(clientsOf(config, {}), counted.called);
  t.is(clients.odcs, absentOdcs);
  await clients.mbs.get(1)();
  t.deepEqual(valuesOf(readExposition(await counted.text()), 'freshmaker_calls_total'), {});
});
