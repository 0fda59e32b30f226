import { join } from 'node:path';
import test from 'ava';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import {
  ask,
  aSandbox,
  git,
  hear,
  ofTopic,
  post,
  tempFolder,
  type Heard,
} from '../../support/sandbox.ts';

type Commit = {
  readonly rev: string;
  readonly repo: string;
  readonly branch: string;
  readonly namespace: string;
  readonly agent: string;
  readonly seen: boolean;
  readonly stats: { readonly files: Readonly<Record<string, unknown>> };
};

const commits = (heard: ReadonlyArray<Heard>): ReadonlyArray<Commit> =>
  ofTopic(heard, 'git.receive').map(({ body }) => body['commit'] as Commit);

const pushes = (heard: ReadonlyArray<Heard>): ReadonlyArray<Heard['body']> =>
  ofTopic(heard, 'pagure.git.receive').map(({ body }) => body);

const told = (sandbox: Sandbox, count = 1): Promise<ReadonlyArray<Heard>> =>
  hear(sandbox, (all) => pushes(all).length >= count && commits(all).length >= count);

test('a change to a package is told by both publishers', async (t) => {
  const sandbox = await aSandbox(t);
  const change = { repo: 'bash', branch: 'f28', author: 'ada', message: 'Fix it' };
  const { status, body } = await post(sandbox, '/sandbox/commit', change);
  t.is(status, 201);
  const { rev, old } = body as { readonly rev: string; readonly old: string };
  const heard = await told(sandbox);
  const [commit] = commits(heard);
  t.like(commit, { rev, repo: 'bash', branch: 'f28', namespace: 'rpms', agent: 'ada' });
  t.deepEqual(Object.keys(commit?.stats.files ?? {}), ['bash.spec']);
  const [push] = pushes(heard);
  t.like(push, { branch: 'f28', old_commit: old, end_commit: rev, total_commits: 1 });
  t.deepEqual(push?.['changed_files'], { 'bash.spec': 'M' });
  t.like(push?.['repo'], { name: 'bash', fullname: 'rpms/bash', parent: null });
});

test('a push of three commits is three messages of one publisher and one of the other', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/commit', { repo: 'bash', branch: 'f28', commits: 3 });
  const heard = await hear(sandbox, (all) => commits(all).length + pushes(all).length >= 4);
  const revs = commits(heard).map(({ rev }) => rev);
  const folder = join(sandbox.gitFolder, 'rpms', 'bash.git');
  const log = await git(folder, 'log', '--reverse', '--format=%H', '-3', 'f28');
  t.deepEqual(revs, log.split('\n'));
  t.is(pushes(heard)[0]?.['total_commits'], 3);
});

for (const way of ['HTTP', 'a file path']) {
  test(`an empty commit pushed over ${way} is announced as one that changes no file`, async (t) => {
    const sandbox = await aSandbox(t);
    const clone = tempFolder(t);
    const base = way === 'HTTP' ? sandbox.gitUrl : sandbox.gitFolder;
    await git(clone, 'clone', '-q', '-b', 'f28', `${base}/modules/foo.git`, '.');
    await git(clone, 'commit', '-q', '--allow-empty', '-m', 'Bump');
    await git(clone, 'push', '-q', 'origin', 'f28');
    const [commit] = commits(await told(sandbox));
    t.is(commit?.rev, await git(clone, 'rev-parse', 'HEAD'));
    t.like(commit, { namespace: 'modules', repo: 'foo', agent: 'freshmaker', seen: false });
    t.deepEqual(commit?.stats.files, {});
  });
}

test('a commit that another branch has announced before is marked as seen', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/commit', { repo: 'bash', branch: 'f28' });
  const bash = join(sandbox.gitFolder, 'rpms', 'bash.git');
  const clone = tempFolder(t);
  await git(clone, 'clone', '-q', '-b', 'f28', bash, '.');
  await git(clone, 'push', '-q', 'origin', 'f28:f27');
  const heard = await told(sandbox, 2);
  t.deepEqual(
    commits(heard).map(({ branch, seen }) => [branch, seen]),
    [
      ['f28', false],
      ['f27', true],
    ],
  );
});

test('which publisher speaks first differs from push to push', async (t) => {
  const sandbox = await aSandbox(t);
  for (let n = 0; n < 12; n++) {
    await post(sandbox, '/sandbox/commit', { repo: 'bash', branch: 'f28', message: `Fix ${n}` });
  }
  const heard = await told(sandbox, 12);
  const first = heard.filter((_, at) => at % 2 === 0).map(({ topic }) => topic);
  t.is(new Set(first).size, 2);
});

test('a repository that takes no pushes says why, and nothing is announced', async (t) => {
  const sandbox = await aSandbox(t);
  const reason = 'Frozen for the release';
  await post(sandbox, '/sandbox/misbehave', { kind: 'refuse-push', repo: 'modules/foo', reason });
  const clone = tempFolder(t);
  await git(clone, 'clone', '-q', '-b', 'f28', `${sandbox.gitUrl}/modules/foo.git`, '.');
  await git(clone, 'commit', '-q', '--allow-empty', '-m', 'Bump');
  const refused = await t.throwsAsync(git(clone, 'push', '-q', 'origin', 'f28'));
  t.regex(refused.message, /Frozen for the release/);
  t.deepEqual((await ask(sandbox, '/bus/feed')).body, {
    messages: [],
    next: nextOf(await ask(sandbox, '/bus/feed')),
  });
  await fetch(`${sandbox.url}/sandbox/misbehave`, { method: 'DELETE' });
  await git(clone, 'push', '-q', 'origin', 'f28');
  t.is(commits(await told(sandbox)).length, 1);
});

const nextOf = ({ body }: { readonly body: unknown }): string =>
  (body as { readonly next: string }).next;

test('fetching fails on request, and works again when the rule is used up', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'fetch-fails', repo: 'modules/foo', count: 1 });
  const url = `${sandbox.gitUrl}/modules/foo.git`;
  await t.throwsAsync(git(tempFolder(t), 'ls-remote', url));
  t.regex(await git(tempFolder(t), 'ls-remote', url), /refs\/heads\/f28/);
});

test('a repository nobody has is not found, also when its name tries to climb out', async (t) => {
  const sandbox = await aSandbox(t);
  for (const path of ['modules/nobody', 'rpms/nobody', '..%2f../x', '.hidden/x', 'rpms/..']) {
    const { status, text } = await ask(sandbox, `/git/${path}.git/info/refs`);
    t.is(status, 404, path);
    t.regex(text, /There is no repository|Nothing here/);
  }
});

test('the repositories written without git hold together for git', async (t) => {
  const sandbox = await aSandbox(t);
  await post(sandbox, '/sandbox/commit', { repo: 'bash', branch: 'f28' });
  for (const name of ['modules/foo', 'rpms/bash']) {
    const folder = join(sandbox.gitFolder, `${name}.git`);
    await t.notThrowsAsync(git(folder, 'fsck', '--strict'));
  }
});
