import test from 'ava';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import {
  buildImage,
  call,
  endOf,
  failureOf,
  faultOf,
  login,
  orderImage,
  rawCall,
  read,
  session,
  taskIdOf,
  type Json,
} from '../../support/sandbox-koji.ts';
import { tasksOf } from '../../support/sandbox-images.ts';
import { aSandbox, distributionOf, feed, hear, ofTopic, post } from '../../support/sandbox.ts';

const distribution = distributionOf(
  'image base:f28 holds bash',
  'image httpd:f28 from base:f28 holds httpd',
);

const misbehave = async (sandbox: Sandbox, rule: Json): Promise<void> => {
  const { status, text } = await post(sandbox, '/sandbox/misbehave', rule);
  if (status !== 201) throw new Error(text);
};

const tasks = async (sandbox: Sandbox): Promise<number> => (await tasksOf(sandbox)).length;

test('a hub that is away answers 503, one that is offline 1014, to any call', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await misbehave(sandbox, { kind: 'koji-unavailable', count: 1 });
  t.is((await rawCall(sandbox, 'getAPIVersion')).status, 503);
  await misbehave(sandbox, { kind: 'koji-offline', count: 1 });
  t.is(await faultOf(sandbox, 'getAPIVersion'), '1014 server is offline');
  t.is(await call(sandbox, 'getAPIVersion'), 1);
});

test('a rule that names an image concerns no other image and no other call', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await misbehave(sandbox, { kind: 'koji-offline', module: 'httpd:f28' });
  t.is(await call(sandbox, 'getAPIVersion'), 1);
  t.is(read(await orderImage(sandbox, 'base:f28')).type, 'value');
  t.like(read(await orderImage(sandbox, 'httpd:f28')), { type: 'fault', code: 1014 });
});

test('a connection that is reset before the task leaves none, after it one', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await misbehave(sandbox, { kind: 'koji-reset-before-task', count: 1 });
  await t.throwsAsync(orderImage(sandbox, 'base:f28'));
  t.is(await tasks(sandbox), 0);
  await misbehave(sandbox, { kind: 'koji-reset-after-task', count: 1 });
  await t.throwsAsync(orderImage(sandbox, 'base:f28'));
  t.is(await tasks(sandbox), 1);
});

test('a retry fault is answered to an order that was carried out, a refusal to one that was not', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await misbehave(sandbox, { kind: 'koji-retry-fault', module: 'base', count: 1 });
  t.like(read(await orderImage(sandbox, 'base:f28')), { code: 1009 });
  t.is(await tasks(sandbox), 1);
  await misbehave(sandbox, { kind: 'koji-refuses', count: 1, reason: 'no permission' });
  t.like(read(await orderImage(sandbox, 'base:f28')), { code: 1004, text: 'no permission' });
  t.is(await tasks(sandbox), 1);
});

test('a slow hub makes its client wait, before the task or after it', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  for (const when of ['before', 'after']) {
    await misbehave(sandbox, { kind: 'koji-slow', ms: 300, when, count: 1 });
    const start = Date.now();
    await orderImage(sandbox, 'base:f28');
    t.true(Date.now() - start >= 290);
  }
  t.is(await tasks(sandbox), 2);
});

test('a session that expires is 1007 until the next login', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const old = await login(sandbox);
  await misbehave(sandbox, { kind: 'koji-session-expired', count: 1 });
  const expired = `1007 session "${old.id}" has expired`;
  t.is(await faultOf(sandbox, 'getLoggedInUser', [], session(old, 1)), expired);
  t.is(await faultOf(sandbox, 'getLoggedInUser', [], session(old, 2)), expired);
  const fresh = await login(sandbox);
  t.is(await faultOf(sandbox, 'getLoggedInUser', [], session(fresh, 1)), 'no fault');
});

test('a build fails with the reason given, or is canceled, and no message tells of it', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await misbehave(sandbox, {
    kind: 'image-fails',
    module: 'base:f28',
    count: 1,
    reason: 'disk full',
  });
  t.is(await buildImage(sandbox, 'base:f28'), '1000 GenericError: disk full');
  await misbehave(sandbox, { kind: 'image-canceled', count: 1 });
  t.regex(await failureOf(sandbox, 'base:f28'), /is canceled/);
  t.deepEqual((await feed(sandbox, '')).messages, []);
});

test('a build that never finishes stays open until it is ended by hand', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await misbehave(sandbox, { kind: 'image-never-finishes', count: 1 });
  const stuck = taskIdOf(await orderImage(sandbox, 'base:f28'));
  t.like(await buildImage(sandbox, 'base:f28'), { nvr: 'base-28-2.f28container' });
  t.is(((await call(sandbox, 'getTaskInfo', stuck)) as Json)['state'], 1);
  const unfinished = `1000 Task ${stuck} is not finished`;
  t.is(await faultOf(sandbox, 'getTaskResult', [stuck]), unfinished);
  await post(sandbox, '/sandbox/koji/finish', { id: stuck, reason: 'by hand' });
  t.is(await endOf(sandbox, stuck), 5);
  const again = await post(sandbox, '/sandbox/koji/finish', { id: stuck });
  t.is(again.status, 409);
});

test('messages of an image are left out, or said twice, on request', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await misbehave(sandbox, { kind: 'no-messages', module: 'base', count: 1 });
  await buildImage(sandbox, 'base:f28');
  t.deepEqual((await feed(sandbox, '')).messages, []);
  await misbehave(sandbox, { kind: 'duplicate-messages', module: 'base', count: 1 });
  await buildImage(sandbox, 'base:f28');
  const heard = await hear(sandbox, (all) => ofTopic(all, 'buildsys.tag').length === 2);
  const ids = ofTopic(heard, 'buildsys.build.state.change').map(({ id }) => id);
  t.is(ids.length, 2);
  t.is(new Set(ids).size, 1);
});
