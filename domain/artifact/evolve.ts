import type { ArtifactEvent } from './events.ts';
import { noLongerWaiting, withAttempt, withCause, withRunning } from './change.ts';
import { finish, revived } from './ending.ts';
import { orderOf, stampOf } from './image-order.ts';
import type { ArtifactState } from './state.ts';
import { attemptOf } from './state.ts';

type Of<Type extends ArtifactEvent['type']> = Extract<ArtifactEvent, { readonly type: Type }>;
type Handlers = {
  readonly [Type in ArtifactEvent['type']]: (
    state: ArtifactState,
    event: Of<Type>,
  ) => ArtifactState;
};

const handlers: Handlers = {
  BuildPlanned: (state, { artifact, name, branch, rehearsal, build, notBefore }) => ({
    ...{ ...state, artifact, name, branch, rehearsal },
    planned: { build, notBefore },
  }),
  CauseTaken: (state, { cause, build, waitsFor, at }) => ({
    ...state,
    causes: {
      ...state.causes,
      [cause.trigger]: {
        cause,
        build,
        takenAt: at,
        status: 'open',
        waitsFor,
        blockedBy: {},
        freedBy: [],
        withdrawnFor: null,
      },
    },
  }),
  CauseMoved: (state, { trigger, build }) => withCause(state, trigger, (c) => ({ ...c, build })),
  CauseWithdrawn: (state, { trigger, code }) =>
    withCause(state, trigger, (c) => ({ ...c, status: 'withdrawn', withdrawnFor: code })),
  WaitFulfilled: (state, { trigger, parent, parentBuild }) =>
    withCause(state, trigger, (c) => ({
      ...noLongerWaiting(c, parent),
      freedBy: [...c.freedBy, { parent, build: parentBuild }],
    })),
  WaitDropped: (state, { trigger, parent }) =>
    withCause(state, trigger, (c) => noLongerWaiting(c, parent)),
  WaitBlocked: (state, { trigger, parent, code }) =>
    withCause(state, trigger, (c) => ({ ...c, blockedBy: { ...c.blockedBy, [parent]: code } })),
  BuildStarted: (state, { build, triggers, afterTrigger }) => ({
    ...state,
    planned: null,
    running: {
      ...{ build, triggers, afterTrigger },
      attempt: attemptOf(1, null),
      failedSubmissions: 0,
      failedBuilds: 0,
    },
  }),
  BuildRehearsed: (state, { build }) => finish(state, build, 'rehearsed', 'fulfilled'),
  CommitPrepared: (state, { build, commit }) => ({
    ...withAttempt(state, build, (attempt) => ({ ...attempt, commit })),
    ownCommits: { ...state.ownCommits, [commit]: build },
  }),
  ImageBuildPrepared: (state, event) => ({
    ...withAttempt(state, event.build, (attempt) => ({
      ...{ ...attempt, commit: event.commit },
      order: orderOf(event),
    })),
    ownNvrs:
      event.rebuiltNvr === null
        ? state.ownNvrs
        : { ...state.ownNvrs, [event.rebuiltNvr]: event.build },
    lastStamp: Math.max(state.lastStamp, stampOf(event.release)),
  }),
  ImageBuilt: (state, { build, nvr }) =>
    withAttempt(state, build, (attempt) => ({ ...attempt, nvr })),
  SubmissionIntended: (state, { build, key, owner, callTimeout }) =>
    withAttempt(state, build, (a) => ({ ...a, intent: { key, owner, callTimeout } })),
  SubmissionTakenOver: (state, { build, owner, callTimeout }) =>
    withAttempt(state, build, (a) => ({
      ...a,
      intent: { key: a.intent?.key ?? '', owner, callTimeout },
    })),
  BuildSubmitted: (state, { build, externalIds }) => ({
    ...withAttempt(state, build, (attempt) => ({ ...attempt, externalIds })),
    ownIds: [...state.ownIds, ...externalIds],
  }),
  SubmissionFailed: (state, { build }) =>
    withRunning(state, build, (r) => ({ ...r, failedSubmissions: r.failedSubmissions + 1 })),
  BuildStateObserved: (state, { build, externalId, state: now, stateName, stateReason }) =>
    withAttempt(state, build, (attempt) => ({
      ...attempt,
      rows: { ...attempt.rows, [String(externalId)]: { state: now, stateName, stateReason } },
    })),
  BuildRetryScheduled: (state, { build, attempt, notBefore }) =>
    withRunning(state, build, (running) => ({
      ...running,
      failedBuilds: running.failedBuilds + (running.attempt.externalIds.length > 0 ? 1 : 0),
      attempt: attemptOf(attempt, notBefore),
    })),
  LateReadyObserved: (state, { build, commit, externalId }) => ({
    ...state,
    late: {
      ...{ build, commit },
      externalIds: [...(state.late?.build === build ? state.late.externalIds : []), externalId],
    },
  }),
  BuildRevived: (state, { build, nvr }) => revived(state, build, nvr),
  BuildSucceeded: (state, { build }) => finish(state, build, 'succeeded', 'fulfilled'),
  BuildFailed: (state, { build }) => finish(state, build, 'failed', 'failed'),
  BuildCanceled: (state, { build }) => finish(state, build, 'canceled', 'failed'),
};

/** Folds one event in. Total: what does not fit the state changes nothing. */
export const evolve = (state: ArtifactState, event: ArtifactEvent): ArtifactState => {
  const handler = handlers[event.type] as (s: ArtifactState, e: ArtifactEvent) => ArtifactState;
  return handler(state, event);
};
