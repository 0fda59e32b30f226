import * as E from 'fp-ts/lib/Either.js';
import type { Publisher, PushReading } from '../../domain/trigger/reading.ts';
import type { SetAside } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';

/** A push to a branch as either publisher tells of it; `files` is null when it does not list them. */
export type Push = {
  readonly publisher: Publisher;
  readonly namespace: string;
  readonly repo: string;
  readonly branch: string;
  readonly rev: string;
  readonly oldRev: string | null;
  readonly files: ReadonlyArray<string> | null;
};

const relevantFile = (namespace: string, repo: string): string | undefined => {
  if (namespace === 'rpms') return `${repo}.spec`;
  if (namespace === 'modules') return `${repo}.yaml`;
  return namespace === 'container' || namespace === 'docker' ? 'Dockerfile' : undefined;
};

const notABranch = /^refs\/(?!heads\/)/;
const zeros = /^0{40,64}$/;

/** True for the hash that stands for "no commit": forty zeros (or sixty-four). */
export const isNoCommit = (rev: string): boolean => zeros.test(rev);

const objection = (push: Push): SetAside | undefined => {
  const { namespace, repo, branch, rev, files } = push;
  const place = `${namespace}/${repo}`;
  if (notABranch.test(branch)) return setAside('not-a-branch', `${place}: ${branch} was pushed`);
  if (isNoCommit(rev)) return setAside('branch-deleted', `${place}: ${branch} was deleted`);
  const file = relevantFile(namespace, repo);
  if (file === undefined) {
    return setAside('other-namespace', `nothing is rebuilt for namespace ${namespace}`);
  }
  if (files?.includes(file) === false) {
    return setAside('no-relevant-file', `${place}: ${file} is not among the changed files`);
  }
  return undefined;
};

/** What a push means: its file in its namespace decides. Never asks whether a commit was `seen`. */
export const readPush = (push: Push): E.Either<SetAside, PushReading> => {
  const branch = push.branch.replace(/^refs\/heads\//, '');
  const no = objection({ ...push, branch });
  if (no !== undefined) return E.left(no);
  const { namespace, repo, rev, oldRev, publisher } = push;
  const told = {
    id: `git:${namespace}/${repo}@${branch}@${rev}`,
    searchKey: `${repo}/${branch}?#${rev}`,
    repo,
    branch,
    rev,
    oldRev,
    publisher,
    filesKnown: push.files !== null,
  };
  if (namespace === 'rpms') return E.right({ kind: 'GitRPMSpecChangeEvent', ...told });
  if (namespace === 'modules') return E.right({ kind: 'GitModuleMetadataChangeEvent', ...told });
  return E.right({ kind: 'GitDockerfileChangeEvent', ...told, namespace });
};
