import { join } from 'node:path';
import test from 'ava';
import { inventedDistribution } from '../../../ops/sandbox/distribution/invented.ts';
import { startSandbox } from '../../../ops/sandbox/sandbox.ts';
import {
  ask,
  aSandbox,
  distributionOf,
  feed,
  git,
  hear,
  ofTopic,
  post,
  rowsOf,
  statesOf,
  submitHead,
  tempFolder,
  type ShownRow,
} from '../../support/sandbox.ts';

const distribution = distributionOf('foo:f28 holds bash@f28');

test('after a restart builds go on, ids go on and a cursor still holds', async (t) => {
  const options = { data: tempFolder(t), distribution, buildTime: 5, stepTime: 5 };
  const first = await startSandbox({ ...options, stepTime: 600_000 });
  await post(first, '/sandbox/commit', { namespace: 'modules', repo: 'foo', branch: 'f28' });
  const { body } = await submitHead(first, 'foo', 'f28');
  const [running] = body as ReadonlyArray<ShownRow>;
  const { next } = await feed(first, '');
  await first.close();
  const second = await aSandbox(t, options);
  await post(second, '/sandbox/finish', { id: running!.id });
  const heard = await hear(second, (all) => statesOf(all, running!.id).includes('ready'));
  t.deepEqual(statesOf(heard, running!.id), ['init', 'done', 'ready']);
  t.is(ofTopic((await feed(second, next)).messages, 'mbs.module.state.change').length, 2);
  await post(second, '/sandbox/commit', { namespace: 'modules', repo: 'foo', branch: 'f28' });
  const later = (await submitHead(second, 'foo', 'f28')).body as ReadonlyArray<ShownRow>;
  t.is(later[0]?.id, running!.id + 1);
});

test('a build that was running when the sandbox stopped finishes after the next start', async (t) => {
  const options = { data: tempFolder(t), distribution, buildTime: 300, stepTime: 5 };
  const first = await startSandbox(options);
  await post(first, '/sandbox/commit', { namespace: 'modules', repo: 'foo', branch: 'f28' });
  const [row] = (await submitHead(first, 'foo', 'f28')).body as ReadonlyArray<ShownRow>;
  await hear(first, (all) => statesOf(all, row!.id).includes('build'));
  await first.close();
  const second = await aSandbox(t, options);
  const heard = await hear(second, (all) => statesOf(all, row!.id).includes('ready'));
  t.deepEqual(statesOf(heard, row!.id), ['init', 'wait', 'build', 'done', 'ready']);
});

test('a push that came while the sandbox was down is announced, once, at the next start', async (t) => {
  const options = { data: tempFolder(t), distribution };
  const first = await startSandbox(options);
  const clone = tempFolder(t);
  await git(clone, 'clone', '-q', '-b', 'f28', join(first.gitFolder, 'modules', 'foo.git'), '.');
  await first.close();
  await git(clone, 'commit', '-q', '--allow-empty', '-m', 'Bump');
  await git(clone, 'push', '-q', 'origin', 'f28');
  const second = await startSandbox(options);
  t.is(ofTopic((await feed(second, '')).messages, 'git.receive').length, 1);
  await second.close();
  const third = await aSandbox(t, options);
  t.is(ofTopic((await feed(third, '')).messages, 'git.receive').length, 1);
});

test('a fresh world knows nothing of the old one and refuses its cursors', async (t) => {
  const data = tempFolder(t);
  const first = await startSandbox({ data, distribution });
  await post(first, '/sandbox/commit', { repo: 'bash', branch: 'f28' });
  const { next } = await feed(first, '');
  await first.close();
  const second = await aSandbox(t, { data, distribution, fresh: true });
  t.deepEqual((await feed(second, '')).messages, []);
  const refused = await ask(second, `/bus/feed?after=${next}`);
  t.is(refused.status, 410);
  t.regex(refused.text, /--fresh/);
});

test('a feed that waits answers with the next message as soon as there is one', async (t) => {
  const sandbox = await aSandbox(t);
  const waiting = feed(sandbox, '', 60);
  await post(sandbox, '/sandbox/commit', { repo: 'bash', branch: 'f28' });
  t.true((await waiting).messages.length > 0);
});

test('a feed is read page by page without gap or repetition', async (t) => {
  const sandbox = await aSandbox(t);
  for (let n = 0; n < 3; n++) {
    await post(sandbox, '/sandbox/commit', { repo: 'bash', branch: 'f28', message: `Fix ${n}` });
  }
  const whole = (await feed(sandbox, '')).messages.map(({ id }) => id);
  const ids: Array<string> = [];
  let after = '';
  while (ids.length < whole.length) {
    const page = await ask(sandbox, `/bus/feed?after=${after}&max=1`);
    const { messages, next } = page.body as Awaited<ReturnType<typeof feed>>;
    t.is(messages.length, 1);
    ids.push(...messages.map(({ id }) => id));
    after = next;
  }
  t.deepEqual(ids, whole);
  t.is(whole.length, 6);
});

test('requests are listed with what they asked and were answered', async (t) => {
  const sandbox = await aSandbox(t);
  await submitHead(sandbox, 'foo', 'f28');
  const { body } = await ask(sandbox, '/sandbox/requests');
  const posts = (body as ReadonlyArray<Readonly<Record<string, unknown>>>).filter(
    ({ method }) => method === 'POST',
  );
  t.is(posts.length, 1);
  t.like(posts[0], { path: '/module-build-service/2/module-builds/', status: 201 });
  t.regex(String(posts[0]?.['body']), /"branch":"f28"/);
});

test('packagers at work change something every so often, and the tale goes on', async (t) => {
  const sandbox = await aSandbox(t, { pace: 0.05, distribution });
  const heard = await hear(sandbox, (all) => ofTopic(all, 'pagure.git.receive').length > 10);
  const told = ofTopic(heard, 'pagure.git.receive').map(({ body }) => body);
  const names = told.map(({ repo }) => (repo as { readonly fullname: string }).fullname);
  t.true(names.includes('rpms/bash'));
  t.true(names.some((name) => name.startsWith('forks/')));
});

test('every module of the invented distribution has a ready build, in each of its contexts', async (t) => {
  const sandbox = await aSandbox(t, { distribution: inventedDistribution });
  for (const { name, stream, platforms } of inventedDistribution.modules) {
    const rows = (await rowsOf(sandbox, name)).filter((row) => row['stream'] === stream);
    t.is(rows.length, platforms.length, `${name}:${stream}`);
    t.true(rows.every(({ state }) => state === 5));
  }
});

test('the invented distribution has a cycle, and every need is a module of it', (t) => {
  const { modules } = inventedDistribution;
  const needs = new Map(
    modules.map(({ name, stream, needs: list }) => [`${name}:${stream}`, list]),
  );
  for (const need of modules.flatMap((module) => module.needs)) t.true(needs.has(need), need);
  const reach = (from: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> =>
    (needs.get(from) ?? []).reduce(
      (all, next) => (all.has(next) ? all : reach(next, new Set([...all, next]))),
      seen,
    );
  t.true(reach('a:f27').has('a:f27'));
  t.deepEqual([...reach('shop:1')].filter((name) => name === 'base-runtime:f28').length, 1);
});
