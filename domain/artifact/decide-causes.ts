import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactRejection, NoteParent, Start, TakeCause } from './commands.ts';
import type { ArtifactEvent } from './events.ts';
import { isCompose } from '../stream-names.ts';
import type { ArtifactState, CauseState } from './state.ts';
import { isBlocked, openCauses } from './state.ts';

type Decided = E.Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;

/** A claim joins the planned build, or plans one. A trigger claims an artifact once, for ever. */
export const takeCause = (command: TakeCause, state: ArtifactState): Decided => {
  const { artifact, name, branch, rehearsal, cause, waitsFor, at, notBefore } = command;
  if (state.causes[cause.trigger] !== undefined) return E.right([]);
  const taken = (build: number): ArtifactEvent => ({
    ...{ type: 'CauseTaken', build, cause, waitsFor, at },
  });
  if (state.planned !== null) return E.right([taken(state.planned.build)]);
  const { build } = command;
  if (build === undefined) return E.left({ code: 'number-needed' });
  const planned: ArtifactEvent = {
    ...{ type: 'BuildPlanned', build, artifact, name, branch, rehearsal, at, notBefore },
  };
  return E.right([planned, taken(build)]);
};

/** A dependent whose parents all gave up has no reason left; one that is affected itself has. */
const afterWithdrawal = (claim: CauseState, parent: string): ArtifactEvent => {
  const { build, cause, waitsFor, freedBy } = claim;
  const { trigger } = cause;
  const code = 'parent-withdrawn';
  const others = [...waitsFor, ...freedBy.map((freed) => freed.parent)].filter(
    (id) => id !== parent && !isCompose(id),
  );
  const isLast = others.length === 0;
  if (!isLast || cause.reason === 'directly_affected') {
    return { type: 'WaitDropped', build, trigger, parent, code };
  }
  const explanation = `${parent}, the last it waited for, is not rebuilt for this trigger.`;
  return { type: 'CauseWithdrawn', build, trigger, code, explanation };
};

/** A parent's success frees the claim; that a parent cannot be had is noted once per code. */
export const noteParent = (command: NoteParent, state: ArtifactState): Decided => {
  const { trigger, parent, answer } = command;
  const claim = state.causes[trigger];
  if (claim?.status !== 'open' || !claim.waitsFor.includes(parent)) return E.right([]);
  const { build } = claim;
  switch (answer.type) {
    case 'succeeded': {
      const { name: parentName, build: parentBuild } = answer;
      return E.right([{ type: 'WaitFulfilled', build, trigger, parent, parentName, parentBuild }]);
    }
    case 'withdrawn':
      return E.right([afterWithdrawal(claim, parent)]);
    case 'impossible': {
      const { code, explanation } = answer;
      return E.right([{ type: 'CauseWithdrawn', build, trigger, code, explanation }]);
    }
    case 'blocked': {
      const { code } = answer;
      const isNews = claim.blockedBy[parent] !== code;
      return E.right(isNews ? [{ type: 'WaitBlocked', build, trigger, parent, code }] : []);
    }
  }
};

const isReady = (claim: CauseState): boolean => claim.waitsFor.length === 0;

/** Who goes, who stays behind, and whether that is final enough to start. */
const lineUp = (
  claims: ReadonlyArray<CauseState>,
  { overdueSince, deferred = [] }: Pick<Start, 'overdueSince' | 'deferred'>,
) => {
  const isDeferred = (claim: CauseState): boolean => deferred.includes(claim.cause.trigger);
  const ready = claims.filter((claim) => isReady(claim) && !isDeferred(claim));
  const waiting = claims.filter(
    (claim) => !isReady(claim) && !isBlocked(claim) && !isDeferred(claim),
  );
  const isOverdue = [...ready, ...waiting].some((claim) => claim.takenAt <= overdueSince);
  return {
    ready,
    behind: claims.filter((claim) => !ready.includes(claim)),
    starts: ready.length > 0 && (waiting.length === 0 || isOverdue),
  };
};

/**
 * Starts the planned build with the claims that are ready, once its quiet window is over and nothing
 * runs; claims that policy denies by now are withdrawn; the rest, those that it defers among them, move to
 * the next planned build.
 */
export const startBuild = (command: Start, state: ArtifactState): Decided => {
  const { at, policyVersion, afterTrigger, denied, build: next } = command;
  const { planned, running, artifact, name, branch, rehearsal } = state;
  if (planned === null || running !== null || planned.notBefore > at) return E.right([]);
  const { build } = planned;
  const open = openCauses(state, build);
  const isDenied = (claim: CauseState) => denied.some((d) => d.trigger === claim.cause.trigger);
  const withdrawn = denied
    .filter((d) => open.some((claim) => claim.cause.trigger === d.trigger))
    .map((d): ArtifactEvent => ({ type: 'CauseWithdrawn', build, ...d }));
  const left = open.filter((claim) => !isDenied(claim));
  if (left.length === 0) {
    const reason = 'No cause is left that policy allows.';
    return E.right([
      ...withdrawn,
      { type: 'BuildCanceled', build, code: 'no-cause-left', reason, at },
    ]);
  }
  const { ready, behind, starts } = lineUp(left, command);
  if (!starts) return E.right(withdrawn);
  const triggers = ready.map((claim) => claim.cause.trigger);
  const started: ReadonlyArray<ArtifactEvent> = [
    ...withdrawn,
    { type: 'BuildStarted', build, triggers, policyVersion, afterTrigger, at },
  ];
  const ended: ReadonlyArray<ArtifactEvent> = rehearsal
    ? [{ type: 'BuildRehearsed', build, at }]
    : [];
  if (behind.length === 0) return E.right([...started, ...ended]);
  if (next === undefined) return E.left({ code: 'number-needed' });
  const plan = { artifact, name, branch, rehearsal, at, notBefore: at };
  return E.right([
    ...started,
    { type: 'BuildPlanned', build: next, ...plan },
    ...behind.map((claim): ArtifactEvent => ({
      ...{ type: 'CauseMoved', trigger: claim.cause.trigger, from: build, build: next },
    })),
    ...ended,
  ]);
};
