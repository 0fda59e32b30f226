import * as E from 'fp-ts/lib/Either.js';
import type { PushReading } from '../../../domain/trigger/reading.ts';
import type { SetAside } from '../../set-aside.ts';
import { setAside } from '../../set-aside.ts';
import { readBody } from '../fields.ts';
import { isNoCommit, readPush } from '../push.ts';
import type { Topic } from '../topic.ts';
import type { PagurePush } from './wire.ts';
import { PagureGitReceive } from './wire.ts';

// With renames the list can be out of step with its statuses: then nothing in it can be trusted.
const filesOf = (files: PagurePush['changed_files']): ReadonlyArray<string> | null => {
  if (files === null) return null;
  const inStep = Object.values(files).every(
    (one) => typeof one === 'string' && /^[A-Z]$/.test(one),
  );
  return inStep ? Object.keys(files) : null;
};

const isFork = ({ name, namespace, fullname, parent }: PagurePush['repo']): boolean =>
  parent !== null || fullname !== (namespace === null ? name : `${namespace}/${name}`);

const read = (push: PagurePush): E.Either<SetAside, PushReading> => {
  const { repo, branch, end_commit, old_commit, changed_files } = push;
  if (isFork(repo)) {
    return E.left(setAside('fork', `the push was to ${repo.fullname}, a fork of ${repo.name}`));
  }
  return readPush({
    publisher: 'pagure.git.receive',
    namespace: repo.namespace ?? '(none)',
    repo: repo.name,
    branch,
    rev: end_commit,
    oldRev: old_commit === null || isNoCommit(old_commit) ? null : old_commit,
    files: filesOf(changed_files),
  });
};

/** A push to dist-git, forks included. Source: reference, pagure.git.receive. */
export const pagureGitReceive: Topic = {
  patterns: ['pagure.git.receive'],
  translate: (message) => E.chain(read)(readBody(PagureGitReceive)(message)),
};
