import test from 'ava';
import {
  ask,
  aSandbox,
  distributionOf,
  git,
  gitWith,
  headOf,
  hear,
  ofTopic,
  post,
  rowsOf,
  statesOf,
  submitHead,
  tempFolder,
  type ShownRow,
} from '../../support/sandbox.ts';

const made = (body: unknown): ReadonlyArray<ShownRow> => body as ReadonlyArray<ShownRow>;
const ALL = ['init', 'wait', 'build', 'done', 'ready'];

test('a build goes from init to ready, and every step is on the bus under one commit', async (t) => {
  const sandbox = await aSandbox(t);
  const { status, body } = await submitHead(sandbox, 'foo', 'f28');
  t.is(status, 201);
  const [row] = made(body);
  const heard = await hear(sandbox, (all) => statesOf(all, row!.id).includes('ready'));
  t.deepEqual(statesOf(heard, row!.id), ALL);
  const [first] = ofTopic(heard, 'mbs.module.state.change');
  const commit = await headOf(sandbox, 'foo', 'f28');
  t.true(String(first?.body['scmurl']).endsWith(`?#${commit}`));
  t.regex(first?.id ?? '', /^\d{4}-[0-9a-f-]{36}$/);
});

test('the commits of the components are known from wait on, and not before', async (t) => {
  const sandbox = await aSandbox(t);
  const { body } = await submitHead(sandbox, 'foo', 'f28');
  const [row] = made(body);
  t.notRegex(row!.modulemd, /rpms:\n\s+bash:\n\s+ref: [0-9a-f]{40}/);
  await hear(sandbox, (all) => statesOf(all, row!.id).includes('ready'));
  const path = `/module-build-service/1/module-builds/${row!.id}?verbose=true`;
  const ready = (await ask(sandbox, path)).body as ShownRow;
  t.regex(ready.modulemd, /rpms:\n\s+bash:\n\s+ref: [0-9a-f]{40}/);
});

test('a commit that is being built or was built is refused with 409', async (t) => {
  const sandbox = await aSandbox(t, { stepTime: 600_000 });
  await submitHead(sandbox, 'foo', 'f28');
  const { status } = await submitHead(sandbox, 'foo', 'f28');
  t.is(status, 409);
  t.is((await rowsOf(sandbox, 'foo')).length, 1);
});

test('of two submissions of one commit at once, one makes the row and one gets 409', async (t) => {
  const sandbox = await aSandbox(t);
  const both = await Promise.all([1, 2].map(async () => submitHead(sandbox, 'foo', 'f28')));
  t.deepEqual(both.map(({ status }) => status).toSorted(), [201, 409]);
  t.is((await rowsOf(sandbox, 'foo')).length, 1);
});

test('a failed build that is submitted again resumes under its id', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/fail-next', { module: 'foo', reason: 'No space left' });
  const [row] = made((await submitHead(sandbox, 'foo', 'f28')).body);
  const heard = await hear(sandbox, (all) => statesOf(all, row!.id).includes('failed'));
  t.is(ofTopic(heard, 'mbs.module.state.change').at(-1)?.body['state_reason'], 'No space left');
  const [again] = made((await submitHead(sandbox, 'foo', 'f28')).body);
  t.is(again?.id, row!.id);
  const rest = await hear(sandbox, (all) => statesOf(all, row!.id).includes('ready'));
  t.deepEqual(statesOf(rest, row!.id), ['init', 'wait', 'build', 'failed', ...ALL]);
});

test('a server that breaks after the row was made answers HTML 500 and leaves one row', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'error-after-row', module: 'foo', count: 1 });
  const broken = await submitHead(sandbox, 'foo', 'f28');
  t.is(broken.status, 500);
  t.regex(broken.text, /<html|<title>/);
  t.is((await rowsOf(sandbox, 'foo')).length, 1);
  t.is((await submitHead(sandbox, 'foo', 'f28')).status, 409);
});

test('a server that breaks before the row leaves none', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'error-before-row', count: 1 });
  t.is((await submitHead(sandbox, 'foo', 'f28')).status, 500);
  t.is((await rowsOf(sandbox, 'foo')).length, 0);
  t.is((await submitHead(sandbox, 'foo', 'f28')).status, 201);
});

test('a connection that is reset after the row leaves one row and no answer', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'reset-after-row', count: 1 });
  await t.throwsAsync(submitHead(sandbox, 'foo', 'f28'));
  t.is((await rowsOf(sandbox, 'foo')).length, 1);
});

test('a slow submission makes its row although the client has hung up', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'slow', when: 'after', ms: 600_000, count: 1 });
  const commit = await headOf(sandbox, 'foo', 'f28');
  const order = { scmurl: `${sandbox.gitUrl}/modules/foo.git?#${commit}`, branch: 'f28' };
  const hangUp = new AbortController();
  const answer = fetch(`${sandbox.mbsUrl}/2/module-builds/`, {
    ...{ method: 'POST', body: JSON.stringify(order), signal: hangUp.signal },
  });
  await hear(sandbox, (all) => ofTopic(all, 'mbs.module.state.change').length > 0);
  const { body } = await ask(sandbox, '/sandbox/requests');
  t.like((body as ReadonlyArray<unknown>).at(-1), { method: 'POST', status: 0 });
  hangUp.abort();
  await t.throwsAsync(answer, { any: true });
  t.is((await rowsOf(sandbox, 'foo')).length, 1);
});

test('a module for two platforms gives a row for each, of which v1 shows the first', async (t) => {
  const distribution = distributionOf('foo:f28 unbuilt on f27,f28 holds bash@f28');
  const sandbox = await aSandbox(t, { distribution });
  const { body } = await submitHead(sandbox, 'foo', 'f28', 1);
  const rows = await rowsOf(sandbox, 'foo');
  t.is((body as ShownRow).id, rows[0]!.id);
  t.is(new Set(rows.map(({ context }) => context)).size, 2);
  t.deepEqual(rows.map(({ version }) => version.slice(0, 2)).toSorted(), ['27', '28']);
});

test('a new commit of the same second is a build of its own', async (t) => {
  const sandbox = await aSandbox(t);
  const clone = tempFolder(t);
  await git(clone, 'clone', '-q', '-b', 'f28', `${sandbox.gitUrl}/modules/foo.git`, '.');
  await submitHead(sandbox, 'foo', 'f28');
  const sameSecond = { GIT_COMMITTER_DATE: await git(clone, 'log', '-1', '--format=%cI') };
  await gitWith(sameSecond, clone, 'commit', '-q', '--allow-empty', '-m', 'Bump');
  await git(clone, 'push', '-q', 'origin', 'f28');
  t.is((await submitHead(sandbox, 'foo', 'f28')).status, 201);
  const rows = await rowsOf(sandbox, 'foo');
  t.is(new Set(rows.map(({ version }) => version)).size, 2);
});

test('a module is built against the newest ready build of what it requires', async (t) => {
  const distribution = distributionOf('base:1', 'foo:f28 unbuilt needs base:1,absent:1');
  const sandbox = await aSandbox(t, { distribution });
  const { status, text } = await submitHead(sandbox, 'foo', 'f28');
  t.is(status, 422);
  t.regex(text, /absent:1/);
});

test('with a token, reading is free and writing needs it', async (t) => {
  const sandbox = await aSandbox(t, { token: 'secret' });
  t.is((await ask(sandbox, '/module-build-service/1/module-builds/')).status, 200);
  t.is((await submitHead(sandbox, 'foo', 'f28')).status, 401);
  t.is((await rowsOf(sandbox, 'foo')).length, 0);
});

test('messages are left out, or said twice, on request', async (t) => {
  const distribution = distributionOf('foo:f28 unbuilt', 'silent:1 unbuilt');
  const sandbox = await aSandbox(t, { distribution });
  await post(sandbox, '/sandbox/misbehave', { kind: 'no-messages', module: 'silent:1' });
  await post(sandbox, '/sandbox/misbehave', { kind: 'duplicate-messages', count: 1 });
  await submitHead(sandbox, 'silent', '1');
  const [row] = made((await submitHead(sandbox, 'foo', 'f28')).body);
  const heard = await hear(sandbox, (all) => statesOf(all, row!.id).includes('ready'));
  t.deepEqual(statesOf(heard, row!.id), ['init', ...ALL]);
  t.deepEqual(
    heard.filter(({ body }) => body['name'] === 'silent'),
    [],
  );
  const [first, second] = ofTopic(heard, 'mbs.module.state.change');
  t.is(first?.id, second?.id);
});

test('a build that never finishes can be ended by hand', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'never-finishes', count: 1 });
  const [row] = made((await submitHead(sandbox, 'foo', 'f28')).body);
  await hear(sandbox, (all) => statesOf(all, row!.id).includes('build'));
  await post(sandbox, '/sandbox/finish', { id: row!.id, state: 'failed', reason: 'gave up' });
  const heard = await hear(sandbox, (all) => statesOf(all, row!.id).length > 3);
  t.deepEqual(statesOf(heard, row!.id), ['init', 'wait', 'build', 'failed']);
});
