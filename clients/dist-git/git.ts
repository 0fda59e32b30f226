import { resolve } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { bumpBranch } from './bump.ts';
import { cacheIn } from './cache.ts';
import { changedBetween } from './changed-files.ts';
import { commitOf, keyOf, placeOf, refOf, type Place } from './names.ts';
import type { Bump, DistGit, DistGitFailure } from './port.ts';
import { runGit, type RunGit } from './run-git.ts';
import { troubleOf, withoutSecrets } from './trouble.ts';

export type DistGitOptions = {
  /** Where anybody may fetch: `https://src.fedoraproject.org`, `file:///srv/git`. */
  readonly baseUrl: string;
  /** Where the service may push, `ssh://freshmaker@pkgs.fedoraproject.org`; else as `baseUrl`. */
  readonly pushUrl?: string;
  /** Folder for copies of repositories; what is in it may be deleted while nothing runs. */
  readonly workFolder: string;
  readonly author: { readonly name: string; readonly email: string };
  /** Milliseconds, for each git command. */
  readonly timeout: number;
  /** The process's environment; PATH, HOME, SSH_AUTH_SOCK, proxies and the like are taken of it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970, for the date of a commit. */
  readonly now?: () => number;
};

type Result<A> = Promise<E.Either<DistGitFailure, A>>;

const nobody = /^0{40}$/;

const addressOf =
  (base: string) =>
  ({ namespace, repo }: Place): string =>
    `${base.replace(/\/+$/, '')}/${namespace}/${repo}.git`;

const missing = (ref: string, url: string): DistGitFailure => ({
  code: 'git-refused',
  reason: withoutSecrets(`${url} has no ${ref}`),
});

/** ls-remote matches the ends of names, so the ref is compared once more. */
const headOf = async (git: RunGit, url: string, ref: string): Result<string> => {
  const ran = await git({ args: ['ls-remote', '--quiet', '--end-of-options', url, ref] });
  if (ran.exit !== 0) {
    const { code, reason } = troubleOf(`asking ${url} for ${ref}`, ran);
    return E.left({ code: code === 'git-refused' ? code : 'git-unavailable', reason });
  }
  const lines = ran.stdout.toString('utf8').split('\n');
  const commit = lines.map((line) => line.split('\t')).find(([, name]) => name === ref)?.[0];
  return commit === undefined ? E.left(missing(ref, url)) : E.right(commit);
};

const checkedBump = (bump: Bump) => {
  const place = placeOf(bump.namespace, bump.repo);
  const ref = refOf(bump.branch);
  const key = keyOf(bump.key);
  if (E.isLeft(place)) return place;
  if (E.isLeft(ref)) return ref;
  return E.isLeft(key) ? key : E.right({ place: place.right, ref: ref.right });
};

const checkedRange = (namespace: string, repo: string, from: string | null, to: string) => {
  const place = placeOf(namespace, repo);
  const first = from === null || nobody.test(from) ? E.right(null) : commitOf(from);
  const last = commitOf(nobody.test(to) ? 'none' : to);
  if (E.isLeft(place)) return place;
  if (E.isLeft(first)) return first;
  return E.isLeft(last) ? last : E.right({ place: place.right, from: first.right, to: last.right });
};

/**
 * dist-git by the `git` command. Names that could be anything but names are refused before git sees
 * them. Calls for one repository run one after another; several processes may share the folder.
 */
export const distGitOverGit = (options: DistGitOptions): DistGit => {
  const { author, baseUrl, now = Date.now } = options;
  const git = runGit(options.timeout, options.environment ?? {});
  const cache = cacheIn(resolve(options.workFolder), git);
  const fetchFrom = addressOf(baseUrl);
  const pushTo = addressOf(options.pushUrl ?? baseUrl);
  return {
    scmurl: (namespace, repo, commit) =>
      `${fetchFrom({ namespace, repo }).replace(/\/\/[^/@]*@/, '//')}?#${commit}`,
    head: (namespace, repo, branch) => async () => {
      const place = placeOf(namespace, repo);
      const ref = refOf(branch);
      if (E.isLeft(place)) return place;
      return E.isLeft(ref) ? ref : headOf(git, fetchFrom(place.right), ref.right);
    },
    bump: (bump) => async () => {
      const checked = checkedBump(bump);
      if (E.isLeft(checked)) return checked;
      const { place, ref } = checked.right;
      const [fetchUrl, pushUrl] = [fetchFrom(place), pushTo(place)];
      return cache.use(place, 'history', (repository) =>
        bumpBranch({ git, author, now }, { repository, fetchUrl, pushUrl, ref }, bump),
      );
    },
    changedFiles: (namespace, repo, from, to) => async () => {
      const range = checkedRange(namespace, repo, from, to);
      if (E.isLeft(range)) return range;
      const { place } = range.right;
      return cache.use(place, 'trees', (repository) =>
        changedBetween(
          { git, repository, url: fetchFrom(place) },
          range.right.from,
          range.right.to,
        ),
      );
    },
  };
};
