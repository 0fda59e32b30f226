import type { Push, PushedCommit } from '../git/push.ts';
import { chance } from '../random.ts';
import { nativeMessage, type BusMessage } from './bus.ts';

const total = (files: PushedCommit['files']): Readonly<Record<string, number>> => {
  const all = Object.values(files);
  const sum = (field: 'additions' | 'deletions' | 'lines'): number =>
    all.reduce((whole, file) => whole + file[field], 0);
  return {
    ...{ additions: sum('additions'), deletions: sum('deletions') },
    ...{ files: all.length, lines: sum('lines') },
  };
};

/** `git.receive`: one for each commit. `seen` when another branch has announced it before. */
export const gitReceive = (push: Push, commit: PushedCommit, seen: boolean): BusMessage => {
  const { namespace, repo, branch, agent } = push;
  const path = `/srv/git/repositories/${namespace}/${repo}.git`;
  return nativeMessage('git.receive', 'git.receive', {
    commit: {
      ...{ name: commit.name, email: commit.email, username: commit.email.split('@')[0], agent },
      ...{ summary: commit.message.split('\n')[0], message: commit.message },
      stats: { files: commit.files, total: total(commit.files) },
      ...{ rev: commit.rev, repo, branch, namespace, path, seen },
    },
  });
};

type Owner = { readonly name: string; readonly fullname: string; readonly url_path: string };

const person = (name: string): Owner => ({ name, fullname: name, url_path: `user/${name}` });

const project = (namespace: string, repo: string, fork: string | undefined): object => {
  const own = `${namespace}/${repo}`;
  const url = fork === undefined ? own : `fork/${fork}/${own}`;
  return {
    ...{ name: repo, namespace, description: `The ${repo} package\n` },
    fullname: fork === undefined ? own : `forks/${fork}/${own}`,
    ...{ url_path: url, full_url: `https://src.fedoraproject.org/${url}` },
    parent: fork === undefined ? null : project(namespace, repo, undefined),
    user: person(fork ?? 'releng'),
    ...{ tags: [], priorities: {}, milestones: {}, custom_keys: [], close_status: [] },
  };
};

/** `pagure.git.receive`: one for each push; of a fork when `fork` names its owner. */
export const pagureReceive = (push: Push, fork?: string): BusMessage =>
  nativeMessage('pagure.git.receive', 'pagure.git.receive', {
    ...{ agent: push.agent, authors: [person(push.agent)], branch: push.branch },
    start_commit: push.commits[0]?.rev ?? push.newRev,
    ...{ end_commit: push.newRev, old_commit: push.oldRev, forced: false },
    ...{ total_commits: push.commits.length, changed_files: push.changedFiles },
    pull_request_id: null,
    repo: project(push.namespace, push.repo, fork),
  });

/**
 * What both publishers say of one push; which of them speaks first differs from push to push.
 * `isNew` answers whether a commit was never announced.
 */
export const pushMessages = (
  push: Push,
  isNew: (rev: string) => boolean,
): ReadonlyArray<BusMessage> => {
  const each = push.commits.map((commit) => gitReceive(push, commit, !isNew(commit.rev)));
  const whole = pagureReceive(push);
  return chance('order', push.newRev) < 0.5 ? [...each, whole] : [whole, ...each];
};
