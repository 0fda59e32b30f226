import * as E from 'fp-ts/lib/Either.js';
import type { ModuleBuild } from '../../clients/mbs/port.ts';
import type { ArtifactState, Running } from '../../domain/artifact/state.ts';
import { artifact } from '../../domain/artifact/artifact.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import { again } from '../act.ts';
import type { RebuildDeps } from './deps.ts';
import { gitFailed } from './git-failed.ts';
import type { Step } from './tell.ts';
import { correlationOf, tellOn } from './tell.ts';

const failedState = 4;
const isAlive = (row: ModuleBuild): boolean => row.state !== failedState;

const causesOf = (state: ArtifactState, { triggers }: Running) =>
  triggers.flatMap((id) => {
    const cause = state.causes[id]?.cause;
    return cause === undefined ? [] : [cause];
  });

/** Only the module's own file changed, and somebody else has that very commit in the build system. */
const isBuiltByOthers = (
  state: ArtifactState,
  running: Running,
  head: string,
  rows: ReadonlyArray<ModuleBuild>,
): boolean =>
  rows.some(isAlive) &&
  !(head in state.ownCommits) &&
  causesOf(state, running).every(
    ({ kind, reason }) => kind === 'GitModuleMetadataChangeEvent' && reason === 'directly_affected',
  );

/**
 * A submission of an earlier attempt got through after all: its commit is submitted, and found. One
 * of whose rows any has failed would fail again.
 */
const isOursAlready = (
  state: ArtifactState,
  running: Running,
  head: string,
  rows: ReadonlyArray<ModuleBuild>,
): boolean => rows.length > 0 && rows.every(isAlive) && state.ownCommits[head] === running.build;

const bumpMessage = (state: ArtifactState, running: Running): string => {
  const reasons = [...new Set(causesOf(state, running).map(({ because }) => because))];
  const [first = 'a change', ...others] = reasons;
  const subject = `Bump to rebuild because of ${first}${first.endsWith(')') ? '.' : ''}`;
  if (others.length === 0) return subject;
  return `${subject}\n\nAlso because of:\n${others.map((other) => `- ${other}`).join('\n')}`;
};

/**
 * Fixes the commit this attempt submits: the head of the module's branch, bumped by an empty commit
 * when the build system has a row for it already (the same commit again would be refused, or would
 * wake a failed row).
 */
export const prepareCommit = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  running: Running,
): Step => {
  const { name, branch } = state;
  const { build, triggers } = running;
  const { attempt } = running.attempt;
  const correlation = correlationOf(state, triggers);
  const head = await deps.distGit.head('modules', name, branch)();
  if (E.isLeft(head)) return gitFailed(deps, stream, state, running, head.left);
  const rows = await deps.mbs.ofCommit(name, branch, head.right)();
  if (E.isLeft(rows)) return E.left<Hindrance>(rows.left);
  const use = (commit: string, bumped: boolean): Step =>
    tellOn(deps, stream, correlation, { type: 'PrepareCommit', build, attempt, commit, bumped });
  if (rows.right.length === 0 || isOursAlready(state, running, head.right, rows.right)) {
    return use(head.right, false);
  }
  if (isBuiltByOthers(state, running, head.right, rows.right)) {
    const reason = `Commit ${head.right} is in MBS already, submitted by somebody else.`;
    return tellOn(deps, stream, correlation, {
      ...{ type: 'Abandon', build, attempt, code: 'already-built', reason },
      at: deps.hand.now(),
    });
  }
  const fresh = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
  if (E.isLeft(fresh)) return fresh;
  // Another process may have prepared and submitted it meanwhile: what it did is not bumped again.
  if (fresh.right.state.running?.attempt !== running.attempt) return E.right(again);
  const bumped = await deps.distGit.bump({
    ...{ namespace: 'modules', repo: name, branch, message: bumpMessage(state, running) },
    key: `${deps.logId}/${build}/${attempt}`,
  })();
  if (E.isLeft(bumped)) return gitFailed(deps, stream, state, running, bumped.left);
  return use(bumped.right, true);
};
