import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { aWorld, git, left, ok } from './world.ts';

test('the address for MBS is base, namespace, repository and commit', (t) => {
  const client = aWorld(t).client({ baseUrl: 'https://src.example.org/' });
  t.is(
    client.scmurl('modules', 'foo', 'a'.repeat(40)),
    `https://src.example.org/modules/foo.git?#${'a'.repeat(40)}`,
  );
});

test('the head of a branch is its newest commit on the server', async (t) => {
  const world = aWorld(t);
  const client = world.client();
  t.is(await ok(client.head('modules', 'foo', 'f28')), world.commits()[0]!);
  const next = world.commit({ 'foo.yaml': 'changed' });
  t.is(await ok(client.head('modules', 'foo', 'f28')), next);
});

test('a branch is found by its whole name, not by the end of it', async (t) => {
  const world = aWorld(t);
  world.commit({ a: 'a' }, 'stream/refs/heads/1');
  const outcome = await left(world.client().head('modules', 'foo', '1'));
  t.is(outcome.code, 'git-refused');
  t.regex(outcome.reason, /has no refs\/heads\/1/);
});

test('what changed between two commits are the paths that differ, whatever bytes they hold', async (t) => {
  const world = aWorld(t);
  const [before] = world.commits();
  const names = ['foo.spec', 'with space', 'über.patch', 'tab\tand\nnewline', '"quoted"'];
  const after = world.commit(Object.fromEntries(names.map((name) => [name, name])));
  const changed = await ok(world.client().changedFiles('modules', 'foo', before!, after));
  t.deepEqual([...changed].sort(), [...names].sort());
});

test('a rename is one path gone and one path new', async (t) => {
  const world = aWorld(t);
  const [before] = world.commits();
  const packager = join(world.folder, 'packager');
  git(packager, 'mv', 'foo.yaml', 'bar.yaml');
  const after = world.commit({});
  const changed = await ok(world.client().changedFiles('modules', 'foo', before!, after));
  t.deepEqual(changed, ['bar.yaml', 'foo.yaml']);
});

test('from nothing, everything in the tree has changed', async (t) => {
  const world = aWorld(t);
  const after = world.commit({ 'foo.spec': 'x' });
  const client = world.client();
  t.deepEqual(await ok(client.changedFiles('modules', 'foo', null, after)), [
    'foo.spec',
    'foo.yaml',
  ]);
  const zeros = '0'.repeat(40);
  t.deepEqual(await ok(client.changedFiles('modules', 'foo', zeros, after)), [
    'foo.spec',
    'foo.yaml',
  ]);
});

test('commits that no branch leads to any more can still be compared', async (t) => {
  const world = aWorld(t);
  const [before] = world.commits();
  const gone = world.commit({ 'gone.spec': 'x' }, 'side');
  git(world.bare, 'update-ref', '-d', 'refs/heads/side');
  const changed = await ok(world.client().changedFiles('modules', 'foo', before!, gone));
  t.deepEqual(changed, ['gone.spec']);
});

test('a commit the server does not have is a refusal', async (t) => {
  const world = aWorld(t);
  const outcome = await left(world.client().changedFiles('modules', 'foo', null, 'b'.repeat(40)));
  t.is(outcome.code, 'git-refused');
});

test('what is no full commit is refused before git sees it', async (t) => {
  const client = aWorld(t).client();
  for (const odd of ['--output=/tmp/x', 'HEAD', 'abc1234', '0'.repeat(40), '']) {
    const outcome = await left(client.changedFiles('modules', 'foo', null, odd));
    t.is(outcome.code, 'git-refused', odd);
    t.regex(outcome.reason, /40 hexadecimal digits/);
  }
});

test('passwords in addresses do not get into reasons, nor to MBS', async (t) => {
  const client = aWorld(t).client({ baseUrl: 'http://robot:s3cret@127.0.0.1:1' });
  const outcome = await left(client.head('modules', 'foo', 'f28'));
  t.is(outcome.code, 'git-unavailable');
  t.notRegex(outcome.reason, /s3cret/);
  t.notRegex(client.scmurl('modules', 'foo', 'a'.repeat(40)), /s3cret|robot/);
});

test('git reads no configuration but its own', async (t) => {
  const world = aWorld(t);
  const marker = join(world.folder, 'ran');
  const config = `core.sshCommand=touch ${marker}`;
  const environment = { ...process.env, GIT_CONFIG_PARAMETERS: `'${config}'`, GIT_DIR: '/nowhere' };
  t.is(await ok(world.client({ environment }).head('modules', 'foo', 'f28')), world.commits()[0]!);
  t.false(existsSync(marker));
});
