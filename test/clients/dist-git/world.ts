import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { distGitOverGit, type DistGitOptions } from '../../../clients/dist-git/git.ts';
import type { DistGit, DistGitFailure } from '../../../clients/dist-git/port.ts';

const env = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Packager',
  GIT_AUTHOR_EMAIL: 'packager@example.org',
  GIT_COMMITTER_NAME: 'Packager',
  GIT_COMMITTER_EMAIL: 'packager@example.org',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

export const git = (folder: string, ...args: ReadonlyArray<string>): string =>
  execFileSync('git', args, { cwd: folder, env, encoding: 'utf8' }).trim();

export type World = {
  readonly folder: string;
  /** The bare repository modules/foo with one commit on branch f28. */
  readonly bare: string;
  readonly client: (options?: Partial<DistGitOptions>) => DistGit;
  /** Hashes on the branch, newest first. */
  readonly commits: (branch?: string) => ReadonlyArray<string>;
  /** Commits files to a branch, which is made when it is not there, and pushes it. */
  readonly commit: (files: Readonly<Record<string, string>>, branch?: string) => string;
};

/** A dist-git of real bare repositories in a folder that goes with the test. */
export const aWorld = (t: ExecutionContext): World => {
  const folder = mkdtempSync(join(tmpdir(), 'dist-git-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const bare = join(folder, 'git/modules/foo.git');
  const work = join(folder, 'packager');
  mkdirSync(bare, { recursive: true });
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=f28', bare);
  git(folder, 'init', '--quiet', '--initial-branch=f28', work);
  const commit = (files: Readonly<Record<string, string>>, branch = 'f28'): string => {
    git(work, 'checkout', '--quiet', '-B', branch);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(work, name), text);
    git(work, 'add', '--all');
    git(work, 'commit', '--quiet', '--allow-empty', '--message', `Change ${branch}`);
    git(work, 'push', '--quiet', '--force', bare, `HEAD:refs/heads/${branch}`);
    return git(work, 'rev-parse', 'HEAD');
  };
  commit({ 'foo.yaml': 'document: modulemd\n' });
  return {
    folder,
    bare,
    commit,
    client: (options = {}) =>
      distGitOverGit({
        baseUrl: `file://${join(folder, 'git')}`,
        workFolder: join(folder, 'work'),
        author: { name: 'Freshmaker', email: 'freshmaker@example.org' },
        timeout: 20_000,
        environment: process.env,
        ...options,
      }),
    commits: (branch = 'f28') => git(bare, 'log', '--format=%H', branch).split('\n'),
  };
};

/** The value of a Right; anything else fails the test with what came instead. */
export const ok = async <A>(task: TaskEither<DistGitFailure, A>): Promise<A> => {
  const outcome = await task();
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};

/** The failure of a Left; a Right fails the test. */
export const left = async (task: TaskEither<DistGitFailure, unknown>): Promise<DistGitFailure> => {
  const outcome = await task();
  if (E.isLeft(outcome)) return outcome.left;
  throw new Error(`succeeded with ${JSON.stringify(outcome.right)}`);
};

export const foo = { namespace: 'modules', repo: 'foo', branch: 'f28' } as const;
