import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { distGitOverGit } from '../../clients/dist-git/git.ts';
import type { DistGit } from '../../clients/dist-git/port.ts';
import { mbsOverHttp } from '../../clients/mbs/http.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import { startSandbox } from '../../ops/sandbox/sandbox.ts';

type Clients = { readonly mbs: Mbs; readonly distGit: DistGit };

const clientsOfASandbox = async (t: ExecutionContext): Promise<Clients> => {
  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  const sandbox = await startSandbox({ data: join(folder, 'world'), buildTime: 600_000 });
  t.teardown(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const timeouts = { submitTimeout: 60_000, readTimeout: 60_000 };
  return {
    mbs: mbsOverHttp({ baseUrl: sandbox.mbsUrl, ...timeouts, concurrency: 4 }),
    distGit: distGitOverGit({
      baseUrl: sandbox.gitUrl,
      workFolder: join(folder, 'work'),
      author: { name: 'Freshmaker', email: 'freshmaker@example.org' },
      timeout: 60_000,
      environment: process.env,
    }),
  };
};

const right = async <A>(task: () => Promise<E.Either<unknown, A>>): Promise<A> => {
  const outcome = await task();
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};

const someModule = async ({ mbs }: Clients) => {
  const { builds } = await right(mbs.readyPage(1, 50));
  const found = builds.find(({ name, components }) => name !== 'platform' && components.length > 0);
  if (found === undefined) throw new Error('the sandbox has no module with components');
  return found;
};

test('a module is bumped over HTTP, submitted, refused a second time, and found by its commit', async (t) => {
  const clients = await clientsOfASandbox(t);
  const { mbs, distGit } = clients;
  const { name, stream } = await someModule(clients);
  const bump = { namespace: 'modules', repo: name, branch: stream, message: 'Rebuild', key: 'b-1' };
  const before = await right(distGit.head('modules', name, stream));
  const commit = await right(distGit.bump(bump));
  t.is(await right(distGit.bump(bump)), commit);
  t.is(await right(distGit.head('modules', name, stream)), commit);
  t.deepEqual(await right(distGit.changedFiles('modules', name, before, commit)), []);
  const everything = await right(distGit.changedFiles('modules', name, null, commit));
  t.true(everything.includes(`${name}.yaml`));

  t.deepEqual(await right(mbs.ofCommit(name, stream, commit)), []);
  const order = { scmurl: distGit.scmurl('modules', name, commit), branch: stream };
  const rows = await right(mbs.submit(order));
  t.true(rows.length > 0);
  t.true(rows.every((row) => row.name === name && row.commit === commit));
  const again = await mbs.submit(order)();
  t.is(E.isLeft(again) ? again.left.code : 'accepted', 'mbs-conflict');
  const ids = (list: ReadonlyArray<{ readonly id: number }>) => list.map(({ id }) => id).sort();
  t.deepEqual(ids(await right(mbs.ofCommit(name, stream, commit))), ids(rows));
  t.is((await right(mbs.get(rows[0]!.id))).id, rows[0]!.id);
});

test('all pages of ready builds together are every module once, by id ascending', async (t) => {
  const { mbs } = await clientsOfASandbox(t);
  const whole = await right(mbs.readyPage(1, 1000));
  const ids = whole.builds.map(({ buildId }) => buildId);
  t.is(whole.pages, 1);
  t.deepEqual(whole.unreadable, []);
  t.is(new Set(ids).size, whole.total);
  t.deepEqual(
    ids,
    [...ids].sort((a, b) => a - b),
  );
  const half = Math.ceil(whole.total / 2);
  const parts = [await right(mbs.readyPage(1, half)), await right(mbs.readyPage(2, half))];
  t.deepEqual(
    parts.flatMap(({ builds }) => builds),
    whole.builds,
  );
  const [some] = whole.builds.filter(({ components }) => components.length > 0);
  t.deepEqual(await right(mbs.contents(some!.buildId)), some);
});

test('what the sandbox does not have is missing or refused', async (t) => {
  const { mbs, distGit } = await clientsOfASandbox(t);
  const row = await mbs.get(999_999)();
  t.is(E.isLeft(row) ? row.left.code : 'found', 'mbs-missing');
  const head = await distGit.head('modules', 'no-such-module', 'f40')();
  t.is(E.isLeft(head) ? head.left.code : 'found', 'git-refused');
});
