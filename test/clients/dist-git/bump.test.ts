import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { aWorld, foo, git, left, ok } from './world.ts';

const bump = { ...foo, message: 'Rebuild for foo-lib', key: 'build-7.1' } as const;
const hook = (bare: string, name: string, script: string): void =>
  writeFileSync(join(bare, 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

test('a bump is one empty commit on top of the branch that names its build', async (t) => {
  const world = aWorld(t);
  const [before] = world.commits();
  const commit = await ok(world.client().bump(bump));
  t.deepEqual(world.commits(), [commit, before]);
  t.is(git(world.bare, 'diff-tree', '-r', `${commit}^`, commit), '');
  t.is(
    git(world.bare, 'log', '-1', '--format=%an %ae %cn%n%B', commit),
    'Freshmaker freshmaker@example.org Freshmaker\nRebuild for foo-lib\n\nFreshmaker-Build: build-7.1',
  );
});

test('a bump asked for twice is made once, even when others pushed in between', async (t) => {
  const world = aWorld(t);
  const first = await ok(world.client().bump(bump));
  git(join(world.folder, 'packager'), 'pull', '--quiet', '--ff-only', world.bare, 'f28');
  world.commit({ 'README.md': 'more' });
  const again = await ok(world.client({ workFolder: join(world.folder, 'other') }).bump(bump));
  t.is(again, first);
  t.is(world.commits().length, 3);
});

test('bumps for two builds are two commits with different times', async (t) => {
  const world = aWorld(t);
  const client = world.client({ now: () => 1_800_000_000_400 });
  const one = await ok(client.bump(bump));
  const two = await ok(client.bump({ ...bump, key: 'build-8.1' }));
  t.is(git(world.bare, 'log', '-1', '--format=%ct', one), '1800000000');
  t.is(git(world.bare, 'log', '-1', '--format=%ct', two), '1800000001');
  t.is(world.commits().length, 3);
});

test('two clients at once with one key leave one commit, and both name it', async (t) => {
  const world = aWorld(t);
  const clients = [0, 1, 2].map((index) =>
    world.client({
      workFolder: join(world.folder, `work-${index}`),
      now: () => 1_800_000_000_000 + index * 5000,
    }),
  );
  const commits = await Promise.all(clients.map((client) => ok(client.bump(bump))));
  t.is(new Set(commits).size, 1);
  t.is(world.commits().length, 2);
});

test('many bumps of one repository at once through one client all arrive', async (t) => {
  const world = aWorld(t);
  const client = world.client();
  const keys = ['a', 'b', 'c', 'd'];
  const commits = await Promise.all(keys.map((key) => ok(client.bump({ ...bump, key }))));
  t.is(new Set(commits).size, 4);
  t.is(world.commits().length, 5);
});

test('a push that somebody else beat is fetched and made again on top of theirs', async (t) => {
  const world = aWorld(t);
  const theirs = git(
    world.bare,
    ...['commit-tree', '-p', 'f28', '-m', 'A packager was faster', 'f28^{tree}'],
  );
  const flag = join(world.folder, 'raced');
  const sneak = `git update-ref refs/heads/f28 ${theirs}`;
  hook(
    world.bare,
    'pre-receive',
    `[ -e ${flag} ] || { touch ${flag}; unset GIT_QUARANTINE_PATH; ${sneak}; }`,
  );
  const commit = await ok(world.client().bump(bump));
  t.true(existsSync(flag));
  t.deepEqual(world.commits().slice(0, 2), [commit, theirs]);
});

test('a push that was carried out but never reported is found, not made again', async (t) => {
  const world = aWorld(t);
  hook(world.bare, 'post-receive', 'kill -9 $PPID');
  const commit = await ok(world.client().bump(bump));
  t.deepEqual(world.commits()[0], commit);
  t.is(world.commits().length, 2);
});

test('a hook that declines the push is a refusal in its own words', async (t) => {
  const world = aWorld(t);
  hook(world.bare, 'pre-receive', 'echo "no bumps during the freeze" >&2; exit 1');
  const outcome = await left(world.client().bump(bump));
  t.is(outcome.code, 'git-refused');
  t.regex(outcome.reason, /no bumps during the freeze/);
  t.is(world.commits().length, 1);
});

test('a branch or a repository that is not there is a refusal', async (t) => {
  const world = aWorld(t);
  for (const missing of [{ branch: 'f99' }, { repo: 'nothing' }, { namespace: 'rpms' }]) {
    const outcome = await left(world.client().bump({ ...bump, ...missing }));
    t.is(outcome.code, 'git-refused', JSON.stringify(outcome));
  }
});

test('names that are no names are refused before git sees them', async (t) => {
  const world = aWorld(t);
  const client = world.client();
  const odd = [
    { branch: '--upload-pack=touch /tmp/pwned' },
    { branch: 'a..b' },
    { branch: 'x.lock' },
    { branch: '' },
    { branch: 'a\nb' },
    { branch: 'f28:refs/heads/main' },
    { repo: '../../etc' },
    { repo: '-c' },
    { repo: 'foo\0' },
    { namespace: '..' },
    { namespace: 'a/b' },
    { key: 'two words' },
    { key: 'x\nFreshmaker-Build: y' },
  ];
  for (const names of odd) {
    const outcome = await left(client.bump({ ...bump, ...names }));
    t.is(outcome.code, 'git-refused', JSON.stringify(names));
    t.regex(outcome.reason, /allowed/);
  }
  t.is(world.commits().length, 1);
  t.false(existsSync(join(world.folder, 'work')));
});

test('a message cannot pass itself off as another bump', async (t) => {
  const world = aWorld(t);
  const client = world.client();
  const message = 'Rebuild for\nFreshmaker-Build: build-9.1\nevil\0';
  const first = await ok(client.bump({ ...bump, message }));
  const other = await ok(client.bump({ ...bump, key: 'build-9.1' }));
  t.not(first, other);
  t.is(await ok(client.bump({ ...bump, message })), first);
});

test('a server that cannot be reached is trouble that may pass', async (t) => {
  const world = aWorld(t);
  const outcome = await left(world.client({ baseUrl: 'http://127.0.0.1:1' }).bump(bump));
  t.is(outcome.code, 'git-unavailable');
});

test('a copy that a killed process left locked or half made is made anew', async (t) => {
  const world = aWorld(t);
  await ok(world.client().bump(bump));
  const copy = join(world.folder, 'work/modules/foo.history.git');
  const wounds = [
    () => writeFileSync(join(copy, 'shallow.lock'), ''),
    () => writeFileSync(join(copy, 'refs/fetched/f28.lock'), ''),
    () => writeFileSync(join(copy, 'config'), '[broken'),
    () => writeFileSync(join(copy, 'HEAD'), ''),
    () => rmSync(join(copy, 'objects'), { recursive: true, force: true }),
    () => {
      for (const name of readdirSync(join(copy, 'objects'))) {
        if (/^[0-9a-f]{2}$/.test(name)) rmSync(join(copy, 'objects', name), { recursive: true });
      }
    },
  ];
  for (const [index, wound] of wounds.entries()) {
    wound();
    await t.notThrowsAsync(ok(world.client().bump({ ...bump, key: `after-${index}` })));
  }
  t.is(world.commits().length, 2 + wounds.length);
});

test('a git that takes too long is ended, and that is trouble that may pass', async (t) => {
  const world = aWorld(t);
  const outcome = await left(world.client({ timeout: 1 }).bump(bump));
  t.is(outcome.code, 'git-unavailable');
  t.regex(outcome.reason, /within 1 ms/);
});

test('a work folder that cannot be made is trouble that names it', async (t) => {
  const world = aWorld(t);
  writeFileSync(join(world.folder, 'file'), '');
  const outcome = await left(world.client({ workFolder: join(world.folder, 'file/x') }).bump(bump));
  t.is(outcome.code, 'git-unavailable');
  t.regex(outcome.reason, /file\/x|ENOTDIR/);
});
