import * as E from 'fp-ts/lib/Either.js';
import type { Bump } from './port.ts';
import type { RunGit } from './run-git.ts';
import { troubleOf, troubleOfPush, type Trouble } from './trouble.ts';

export type Bumping = {
  readonly git: RunGit;
  readonly author: { readonly name: string; readonly email: string };
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export type Where = {
  readonly repository: string;
  readonly fetchUrl: string;
  readonly pushUrl: string;
  readonly ref: string;
};

type Outcome<A> = Promise<E.Either<Trouble, A>>;
type Commit = { readonly hash: string; readonly seconds: number; readonly message: string };

const trailer = 'Freshmaker-Build';
/** How far back a bump of ours is looked for. */
const depth = 200;
const tries = 6;

/** The newest commits of the branch, newest first, as the remote has them now. */
const history = async (git: RunGit, where: Where): Outcome<ReadonlyArray<Commit>> => {
  const { repository, ref } = where;
  const here = ref.replace('refs/heads/', 'refs/fetched/');
  const fetched = await git({
    repository,
    args: [
      ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', `--depth=${depth}`],
      ...['--end-of-options', where.fetchUrl, `+${ref}:${here}`],
    ],
  });
  if (fetched.exit !== 0) return E.left(troubleOf(`fetching ${ref} of ${where.fetchUrl}`, fetched));
  const args = ['log', '-z', '--format=%H %ct%n%B', '--end-of-options', here];
  const logged = await git({ repository, args });
  if (logged.exit !== 0) return E.left(troubleOf(`reading ${here}`, logged));
  const records = logged.stdout.toString('utf8').split('\0');
  return E.right(
    records.flatMap((record) => {
      const [, hash, seconds, message] = /^([0-9a-f]{40}) (\d+)\n([\s\S]*)$/.exec(record) ?? [];
      if (hash === undefined) return [];
      return [{ hash, seconds: Number(seconds), message: message ?? '' }];
    }),
  );
};

const carries = (key: string) => {
  const line = `${trailer}: ${key}`;
  return ({ message }: Commit): boolean =>
    message.split('\n').some((candidate) => candidate.trimEnd() === line);
};

/** A line that reads as our trailer counts as one, so none may come in with the text. */
const messageOf = ({ message, key }: Bump): string => {
  const text = message.replaceAll('\0', ' ').replace(new RegExp(`^${trailer}:`, 'gim'), ' $&');
  return `${text.trimEnd()}\n\n${trailer}: ${key}\n`;
};

/**
 * An empty commit on top of `head`, not yet pushed. MBS makes a version of the commit's time in
 * whole seconds, so it is later than its parent's by one at least.
 */
const commitOn = async (bumping: Bumping, where: Where, head: Commit, bump: Bump) => {
  const { name, email } = bumping.author;
  const date = `${Math.max(Math.floor(bumping.now() / 1000), head.seconds + 1)} +0000`;
  const ran = await bumping.git({
    repository: where.repository,
    args: ['commit-tree', '-p', head.hash, '-F', '-', `${head.hash}^{tree}`],
    input: messageOf(bump),
    env: {
      ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: date },
      ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: date },
    },
  });
  const doing = `making a commit on ${head.hash}`;
  if (ran.exit !== 0) return E.left(troubleOf(doing, ran));
  return E.right(ran.stdout.toString('utf8').trim());
};

const push = async (git: RunGit, where: Where, commit: string): Outcome<string> => {
  const { repository, pushUrl, ref } = where;
  const args = ['push', '--porcelain', '--end-of-options', pushUrl, `${commit}:${ref}`];
  const ran = await git({ repository, args });
  if (ran.exit === 0) return E.right(commit);
  return E.left(troubleOfPush(`pushing to ${ref} of ${pushUrl}`, ran));
};

const once = async (bumping: Bumping, where: Where, bump: Bump): Outcome<string> => {
  const commits = await history(bumping.git, where);
  if (E.isLeft(commits)) return commits;
  const done = commits.right.find(carries(bump.key));
  if (done !== undefined) return E.right(done.hash);
  const [head] = commits.right;
  if (head === undefined) {
    return E.left({ code: 'broken-cache', reason: `${where.ref} holds no commit` });
  }
  const commit = await commitOn(bumping, where, head, bump);
  return E.isLeft(commit) ? commit : push(bumping.git, where, commit.right);
};

/** A push whose outcome nobody reported: the branch itself tells whether it was carried out. */
const found = async (git: RunGit, where: Where, bump: Bump, trouble: Trouble): Outcome<string> => {
  const commits = await history(git, where);
  if (E.isLeft(commits)) return commits;
  const done = commits.right.find(carries(bump.key));
  return done === undefined ? E.left(trouble) : E.right(done.hash);
};

/**
 * The commit that carries the key: one that is there already, or a new empty one that was pushed
 * without force. After a lost race or an unknown outcome the branch is fetched and looked at again.
 */
export const bumpBranch = async (bumping: Bumping, where: Where, bump: Bump): Outcome<string> => {
  let outcome = await once(bumping, where, bump);
  for (let tried = 1; tried < tries; tried += 1) {
    if (E.isRight(outcome) || outcome.left.code !== 'race') break;
    outcome = await once(bumping, where, bump);
  }
  if (E.isRight(outcome) || outcome.left.code !== 'unknown-push') return outcome;
  return found(bumping.git, where, bump, outcome.left);
};
