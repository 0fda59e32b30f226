import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export type DistGitFailure =
  /** Network, time-out, lock: may work later. */
  | { readonly code: 'git-unavailable'; readonly reason: string }
  /** No such repository or branch, push refused by a hook or for want of rights. */
  | { readonly code: 'git-refused'; readonly reason: string };

export type Bump = {
  readonly namespace: string;
  readonly repo: string;
  readonly branch: string;
  /** Subject and body, without the trailer. */
  readonly message: string;
  /** `Freshmaker-Build: <key>`: a commit that carries it is this bump, whoever pushed it. */
  readonly key: string;
};

export type DistGit = {
  /** URL for MBS: `<base>/<namespace>/<repo>.git?#<commit>`. */
  readonly scmurl: (namespace: string, repo: string, commit: string) => string;
  /** The branch's newest commit (40 hex). */
  readonly head: (
    namespace: string,
    repo: string,
    branch: string,
  ) => TaskEither<DistGitFailure, string>;
  /**
   * Puts an empty commit on top of the branch and answers its hash. Asked twice with one key it
   * answers the commit of the first time; never force-pushes; a lost race is fetched and tried again.
   */
  readonly bump: (bump: Bump) => TaskEither<DistGitFailure, string>;
  /** Paths that differ between two commits; `from` null means: the whole tree of `to`. */
  readonly changedFiles: (
    namespace: string,
    repo: string,
    from: string | null,
    to: string,
  ) => TaskEither<DistGitFailure, ReadonlyArray<string>>;
};
