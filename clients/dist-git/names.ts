import * as E from 'fp-ts/lib/Either.js';
import type { DistGitFailure } from './port.ts';

/** Where something is in dist-git, by names that are safe as parts of addresses, paths and refs. */
export type Place = { readonly namespace: string; readonly repo: string };

const refused = (what: string, value: string, allowed: string): E.Either<DistGitFailure, never> =>
  E.left({
    code: 'git-refused',
    reason: `${JSON.stringify(value.slice(0, 120))} is no ${what}: ${allowed}`,
  });

const namespacePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const repoPattern = /^[A-Za-z0-9_][A-Za-z0-9._+-]{0,199}$/;
const branchPattern = /^[A-Za-z0-9_][A-Za-z0-9._+/-]{0,199}$/;
const branchTraps = /\.\.|\/\/|\/\.|\.lock(\/|$)|[./]$/;
const commitPattern = /^[0-9a-f]{40}$/;
const keyPattern = /^[\x21-\x7e]{1,300}$/;

/** The place, or why its names cannot be those of a repository. */
export const placeOf = (namespace: string, repo: string): E.Either<DistGitFailure, Place> => {
  if (!namespacePattern.test(namespace)) {
    return refused('namespace', namespace, 'letters, digits, _ and - are allowed');
  }
  if (!repoPattern.test(repo)) {
    return refused('repository', repo, 'letters, digits and ._+- are allowed, no . + - at first');
  }
  return E.right({ namespace, repo });
};

/** The full ref of a branch; stricter than git itself, which allows names that shells trip over. */
export const refOf = (branch: string): E.Either<DistGitFailure, string> =>
  branchPattern.test(branch) && !branchTraps.test(branch)
    ? E.right(`refs/heads/${branch}`)
    : refused('branch', branch, 'letters, digits and ._+/- are allowed, as in stream-1.2/f40');

export const commitOf = (commit: string): E.Either<DistGitFailure, string> =>
  commitPattern.test(commit)
    ? E.right(commit)
    : refused('commit', commit, 'its 40 hexadecimal digits are needed');

export const keyOf = (key: string): E.Either<DistGitFailure, string> =>
  keyPattern.test(key)
    ? E.right(key)
    : refused('key of a bump', key, 'printable ASCII without spaces is allowed');
