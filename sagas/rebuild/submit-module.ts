import * as E from 'fp-ts/lib/Either.js';
import type { MbsFailure, ModuleBuild } from '../../clients/mbs/port.ts';
import type { RebuildDeps } from './deps.ts';
import type { CallFailure, Submission, Submitter } from './submitter.ts';

/** A token that has run out (401) may be renewed; every other refusal stands. */
const outcomeOf = (failure: MbsFailure): CallFailure['outcome'] => {
  switch (failure.code) {
    case 'mbs-refused':
      return failure.status === 401 ? 'not-done' : 'refused';
    case 'mbs-unavailable':
      return 'not-done';
    case 'mbs-unknown-outcome':
      return 'unknown';
    case 'mbs-conflict':
    case 'mbs-missing':
    case 'mbs-unreadable':
      return 'over';
  }
};

const idsOf = (rows: ReadonlyArray<ModuleBuild>): ReadonlyArray<number> => rows.map(({ id }) => id);

/** Submits to MBS. What it has of a commit is found by name, stream and commit. */
export const moduleSubmitter = ({
  mbs,
  distGit,
}: Pick<RebuildDeps, 'mbs' | 'distGit'>): Submitter => ({
  callTimeout: mbs.submitTimeout,
  ask: async ({ state, commit }: Submission) =>
    E.map(idsOf)(await mbs.ofCommit(state.name, state.branch, commit)()),
  call: async ({ state, commit }: Submission) => {
    const scmurl = distGit.scmurl('modules', state.name, commit);
    const answer = await mbs.submit({ scmurl, branch: state.branch })();
    const failureOf = (failure: MbsFailure): CallFailure => {
      const { code, reason } = failure;
      return { code, reason, outcome: outcomeOf(failure) };
    };
    return E.bimap(failureOf, idsOf)(answer);
  },
  noAnswer: {
    code: 'mbs-unknown-outcome',
    reason: 'MBS did not answer, and has no row for the commit.',
    outcome: 'unknown',
  },
});
