import * as E from 'fp-ts/lib/Either.js';
import type { RunGit } from './run-git.ts';
import { troubleOf, withoutSecrets, type Trouble } from './trouble.ts';

type Outcome<A> = Promise<E.Either<Trouble, A>>;
type Source = { readonly git: RunGit; readonly repository: string; readonly url: string };

const has = async ({ git, repository }: Source, commit: string): Promise<boolean> => {
  const args = ['cat-file', '-e', '--end-of-options', `${commit}^{commit}`];
  return (await git({ repository, args })).exit === 0;
};

const hasAll = async (source: Source, commits: ReadonlyArray<string>): Promise<boolean> => {
  for (const commit of commits) if (!(await has(source, commit))) return false;
  return true;
};

const fetch = async (source: Source, args: ReadonlyArray<string>): Outcome<undefined> => {
  const { git, repository, url } = source;
  const ran = await git({
    repository,
    args: ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', ...args],
  });
  return ran.exit === 0 ? E.right(undefined) : E.left(troubleOf(`fetching from ${url}`, ran));
};

/** By hash, which costs two trees; by all branches where the server hands out no single commits. */
const bring = async (source: Source, commits: ReadonlyArray<string>): Outcome<undefined> => {
  if (await hasAll(source, commits)) return E.right(undefined);
  const { url } = source;
  const alone = await fetch(source, ['--depth=1', '--end-of-options', url, ...commits]);
  if (E.isRight(alone)) return alone;
  const isPolicy = alone.left.reason.includes('unadvertised object');
  if (!isPolicy) return alone;
  const all = ['--depth=2147483647', '--end-of-options', url, '+refs/heads/*:refs/fetched/*'];
  const whole = await fetch(source, all);
  if (E.isLeft(whole)) return whole;
  if (await hasAll(source, commits)) return whole;
  const reason = withoutSecrets(`no branch of ${url} leads to ${commits.join(' and ')}`);
  return E.left({ code: 'git-refused', reason });
};

/** Paths that differ between two commits, renames as one path gone and one new; any bytes. */
export const changedBetween = async (
  source: Source,
  from: string | null,
  to: string,
): Outcome<ReadonlyArray<string>> => {
  const brought = await bring(source, from === null ? [to] : [from, to]);
  if (E.isLeft(brought)) return brought;
  const args =
    from === null
      ? ['ls-tree', '-r', '-z', '--name-only', '--full-tree', to]
      : ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--no-commit-id', from, to];
  const ran = await source.git({ repository: source.repository, args });
  if (ran.exit !== 0) return E.left(troubleOf(`comparing ${from ?? 'nothing'} with ${to}`, ran));
  return E.right(
    ran.stdout
      .toString('utf8')
      .split('\0')
      .filter((path) => path !== ''),
  );
};
