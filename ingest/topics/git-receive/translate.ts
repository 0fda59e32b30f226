import * as E from 'fp-ts/lib/Either.js';
import type { PushReading } from '../../../domain/trigger/reading.ts';
import type { NormalForm } from '../../normal-form.ts';
import type { SetAside } from '../../set-aside.ts';
import { setAside } from '../../set-aside.ts';
import { readBody } from '../fields.ts';
import { readPush } from '../push.ts';
import type { Topic } from '../topic.ts';
import type { Commit } from './wire.ts';
import { GitReceive } from './wire.ts';

const oldTopic = 'git.receive.';
const trailer = /^Freshmaker-Build: *\S/m;

// The oldest messages name the repository in the topic only: git.receive.<repo>.<branch>.
const repoOf = (topic: string, commit: Commit): string | undefined => {
  if (commit.repo !== null) return commit.repo;
  const end = `.${commit.branch}`;
  const names = topic.startsWith(oldTopic) ? topic.slice(oldTopic.length) : '';
  const repo = names.endsWith(end) ? names.slice(0, -end.length) : '';
  return repo === '' ? undefined : repo;
};

const isFork = (namespace: string, path: string | null): boolean =>
  /^forks?(\/|$)/.test(namespace) || path?.includes('/forks/') === true;

/** True for a bump commit of ours: the trailer stands in the last paragraph of its message. */
export const isOwnCommit = (message: string): boolean =>
  trailer.test(
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? '',
  );

const read = (message: NormalForm, commit: Commit): E.Either<SetAside, PushReading> => {
  const repo = repoOf(message.topic, commit);
  const namespace = commit.namespace ?? 'rpms';
  if (repo === undefined) {
    const reason = `${message.topic}: neither the body nor the topic names the repository`;
    return E.left(setAside('unreadable-body', reason));
  }
  if (isFork(namespace, commit.path)) {
    return E.left(setAside('fork', `the push was to a fork of ${repo}`));
  }
  if (isOwnCommit(commit.message ?? '')) {
    return E.left(setAside('own-commit', `${commit.rev} in ${repo} is a bump commit of ours`));
  }
  const files = commit.stats?.files;
  return readPush({
    publisher: 'git.receive',
    namespace,
    repo,
    branch: commit.branch,
    rev: commit.rev,
    oldRev: null,
    files: files === null || files === undefined ? null : Object.keys(files),
  });
};

/** A commit in dist-git. Source: reference, git.receive, one message per commit. */
export const gitReceive: Topic = {
  patterns: ['git.receive', 'git.receive.*.#'],
  translate: (message) =>
    E.chain(({ commit }: { readonly commit: Commit }) => read(message, commit))(
      readBody(GitReceive)(message),
    ),
};
