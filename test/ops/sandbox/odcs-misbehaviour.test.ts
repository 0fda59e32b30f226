import test, { type ExecutionContext } from 'ava';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import {
  askedOfOdcs,
  composesOf,
  composeStates,
  postCompose,
  shipUpdate,
} from '../../support/sandbox-images.ts';
import { aSandbox, distributionOf, post } from '../../support/sandbox.ts';

const aWorld = async (t: ExecutionContext, rule: object): Promise<Sandbox> => {
  const distribution = distributionOf('image base:f28 holds bash', 'package bash 4.4');
  const sandbox = await aSandbox(t, { distribution });
  await shipUpdate(sandbox, { package: 'bash', version: '5.0-1' });
  await post(sandbox, '/sandbox/misbehave', { count: 1, ...rule });
  return sandbox;
};

const ORDER = { source: { type: 'build', builds: ['bash-5.0-1.fc28'], sigkeys: ['9db62fb1'] } };

const asked = async (sandbox: Sandbox): Promise<Response> =>
  fetch(`${sandbox.odcsUrl}/composes/`, { method: 'POST', body: JSON.stringify(ORDER) });

test('an ODCS that is down answers 503 and makes nothing', async (t) => {
  const sandbox = await aWorld(t, { kind: 'odcs-unavailable' });
  t.is((await asked(sandbox)).status, 503);
  t.deepEqual(await composesOf(sandbox), []);
  t.is((await asked(sandbox)).status, 200);
});

test('an ODCS that refuses says why, with the status that was asked for', async (t) => {
  const sandbox = await aWorld(t, { kind: 'odcs-refuses', status: 403, reason: 'Not for you.' });
  const response = await asked(sandbox);
  t.is(response.status, 403);
  t.deepEqual(await response.json(), { status: 403, error: 'Forbidden', message: 'Not for you.' });
  t.deepEqual(await composesOf(sandbox), []);
});

test('a connection that is reset before the compose leaves none', async (t) => {
  const sandbox = await aWorld(t, { kind: 'odcs-reset-before-compose' });
  await t.throwsAsync(asked(sandbox));
  t.deepEqual(await composesOf(sandbox), []);
});

test('a connection that is reset after the compose leaves one, and no answer', async (t) => {
  const sandbox = await aWorld(t, { kind: 'odcs-reset-after-compose' });
  await t.throwsAsync(asked(sandbox));
  t.is((await composesOf(sandbox)).length, 1);
  t.deepEqual(
    (await askedOfOdcs(sandbox)).map(({ method, status }) => [method, status]),
    [['POST', 0]],
  );
});

test('an ODCS that breaks after the compose answers HTML 500 and leaves one', async (t) => {
  const sandbox = await aWorld(t, { kind: 'odcs-error-after-compose' });
  const response = await asked(sandbox);
  t.is(response.status, 500);
  t.regex(response.headers.get('content-type') ?? '', /html/);
  t.is((await composesOf(sandbox)).length, 1);
});

test('a compose fails with the reason that was given for the package it is made of', async (t) => {
  const sandbox = await aWorld(t, { kind: 'compose-fails', module: 'bash', reason: 'no space' });
  const { id } = await postCompose(sandbox, ['bash-5.0-1.fc28']);
  await composeStates(sandbox, id, 'failed');
  const [compose] = await composesOf(sandbox);
  t.is(compose?.state_reason, 'Error while generating compose: no space');
});

test('a rule for another package leaves a compose alone', async (t) => {
  const sandbox = await aWorld(t, { kind: 'compose-fails', module: 'zlib' });
  const { id } = await postCompose(sandbox, ['bash-5.0-1.fc28']);
  t.is((await composeStates(sandbox, id, 'done')).at(-1), 'done');
});

test('a compose that never finishes is generating while the next one gets done', async (t) => {
  const sandbox = await aWorld(t, { kind: 'compose-never-finishes' });
  await postCompose(sandbox, ['bash-5.0-1.fc28']);
  const { id } = await postCompose(sandbox, ['bash-5.0-1.fc28']);
  await composeStates(sandbox, id, 'done');
  t.is((await composesOf(sandbox))[0]?.state_name, 'generating');
});

test('a compose that expires is removed though it was to live for a day', async (t) => {
  const sandbox = await aWorld(t, { kind: 'compose-expires', ms: 10 });
  const { id } = await postCompose(sandbox, ['bash-5.0-1.fc28']);
  const states = await composeStates(sandbox, id, 'removed');
  t.deepEqual(states, ['wait', 'generating', 'done', 'removed']);
});

test('a late repo file is missing when the compose is done', async (t) => {
  const sandbox = await aWorld(t, { kind: 'repofile-late', ms: 600_000 });
  const compose = await postCompose(sandbox, ['bash-5.0-1.fc28']);
  await composeStates(sandbox, compose.id, 'done');
  t.is((await fetch(compose.result_repofile)).status, 404);
});

test('states of a compose are told twice under one id, or not at all, on request', async (t) => {
  const sandbox = await aWorld(t, { kind: 'duplicate-messages', module: 'bash' });
  const first = await postCompose(sandbox, ['bash-5.0-1.fc28']);
  const states = await composeStates(sandbox, first.id, 'done');
  t.deepEqual(states, ['wait', 'wait', 'generating', 'done']);
  await post(sandbox, '/sandbox/misbehave', { kind: 'no-messages', module: 'bash', count: 2 });
  const second = await postCompose(sandbox, ['bash-5.0-1.fc28']);
  t.deepEqual(await composeStates(sandbox, second.id, 'done'), ['done']);
});
