import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Place } from './names.ts';
import type { DistGitFailure } from './port.ts';
import type { RunGit } from './run-git.ts';
import { troubleOf, type Trouble } from './trouble.ts';

/** Bare copies of repositories, one per place and purpose. They may be deleted at any time. */
export type Cache = {
  /**
   * Runs with the copy to itself, within this process. A copy that turns out broken (a killed
   * process leaves locks and half files) is thrown away and made anew, once.
   */
  readonly use: <A>(
    place: Place,
    purpose: 'history' | 'trees',
    run: (repository: string) => Promise<E.Either<Trouble, A>>,
  ) => Promise<E.Either<DistGitFailure, A>>;
};

const settled = <A>(outcome: E.Either<Trouble, A>): E.Either<DistGitFailure, A> =>
  E.mapLeft(({ code, reason }: Trouble): DistGitFailure =>
    code === 'git-refused' ? { code, reason } : { code: 'git-unavailable', reason },
  )(outcome);

const isBroken = (outcome: E.Either<Trouble, unknown>): boolean =>
  E.isLeft(outcome) && outcome.left.code === 'broken-cache';

const inTurn = () => {
  const tails = new Map<string, Promise<unknown>>();
  return <A>(key: string, run: () => Promise<A>): Promise<A> => {
    const mine = (tails.get(key) ?? Promise.resolve()).then(run, run);
    tails.set(key, mine);
    const leave = (): void => {
      if (tails.get(key) === mine) tails.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  };
};

const prepare = async (git: RunGit, repository: string): Promise<E.Either<Trouble, string>> => {
  if (existsSync(join(repository, 'HEAD'))) return E.right(repository);
  try {
    await mkdir(dirname(repository), { recursive: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const reason = `the folder for copies of repositories cannot be made: ${why}`;
    return E.left({ code: 'git-unavailable', reason });
  }
  const args = ['init', '--bare', '--quiet', '--template=', '--end-of-options', repository];
  const ran = await git({ args });
  if (ran.exit === 0) return E.right(repository);
  return E.left(troubleOf(`making a copy in ${repository}`, ran));
};

/** Copies kept under `folder`. */
export const cacheIn = (folder: string, git: RunGit): Cache => {
  const turn = inTurn();
  return {
    use: ({ namespace, repo }, purpose, run) => {
      const repository = join(folder, namespace, `${repo}.${purpose}.git`);
      const attempt = async () => {
        const prepared = await prepare(git, repository);
        return E.isLeft(prepared) ? prepared : run(repository);
      };
      return turn(repository, async () => {
        const first = await attempt();
        if (!isBroken(first)) return settled(first);
        await rm(repository, { recursive: true, force: true, maxRetries: 3 });
        return settled(await attempt());
      });
    },
  };
};
