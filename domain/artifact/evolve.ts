import type { ArtifactEvent } from './events.ts';
import type { ArtifactState, Attempt, CauseState, Finished, Running } from './state.ts';
import { attemptOf } from './state.ts';

type Of<Type extends ArtifactEvent['type']> = Extract<ArtifactEvent, { readonly type: Type }>;
type Handlers = {
  readonly [Type in ArtifactEvent['type']]: (
    state: ArtifactState,
    event: Of<Type>,
  ) => ArtifactState;
};

const withCause = (
  state: ArtifactState,
  trigger: string,
  change: (cause: CauseState) => CauseState,
): ArtifactState => {
  const cause = state.causes[trigger];
  if (cause === undefined) return state;
  return { ...state, causes: { ...state.causes, [trigger]: change(cause) } };
};

const withRunning = (
  state: ArtifactState,
  build: number,
  change: (running: Running) => Running,
): ArtifactState => {
  if (state.running?.build !== build) return state;
  return { ...state, running: change(state.running) };
};

const withAttempt = (
  state: ArtifactState,
  build: number,
  change: (attempt: Attempt) => Attempt,
): ArtifactState =>
  withRunning(state, build, (running) => ({ ...running, attempt: change(running.attempt) }));

const without = (blockedBy: CauseState['blockedBy'], parent: string): CauseState['blockedBy'] =>
  Object.fromEntries(Object.entries(blockedBy).filter(([other]) => other !== parent));

const noLongerWaiting = (claim: CauseState, parent: string): CauseState => ({
  ...claim,
  waitsFor: claim.waitsFor.filter((other) => other !== parent),
  blockedBy: without(claim.blockedBy, parent),
});

/** The running build ends, or the planned one is given up before it ran. */
const finish = (
  state: ArtifactState,
  build: number,
  outcome: Finished['outcome'],
  status: CauseState['status'],
): ArtifactState => {
  const { running, planned } = state;
  const ran = running?.build === build ? running : null;
  const triggers = ran?.triggers ?? [];
  const settled = triggers.reduce(
    (so, trigger) => withCause(so, trigger, (c) => (c.status === 'open' ? { ...c, status } : c)),
    state,
  );
  return {
    ...settled,
    running: ran === null ? running : null,
    planned: planned?.build === build ? null : planned,
    finished: [
      ...state.finished,
      {
        ...{ build, outcome, triggers, afterTrigger: ran?.afterTrigger ?? 0 },
        nvr: ran?.attempt.nvr ?? ran?.attempt.order?.rebuiltNvr ?? null,
      },
    ],
  };
};

const revived = (state: ArtifactState, build: number): ArtifactState => {
  const triggers = state.finished.find((ended) => ended.build === build)?.triggers ?? [];
  const settled = triggers.reduce(
    (so, trigger) =>
      withCause(so, trigger, (c) => (c.status === 'failed' ? { ...c, status: 'fulfilled' } : c)),
    state,
  );
  return {
    ...settled,
    late: null,
    finished: state.finished.map((ended) =>
      ended.build === build ? { ...ended, outcome: 'succeeded' } : ended,
    ),
  };
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
  ImageBuildPrepared: (state, { type: _type, build, attempt: _attempt, ...order }) =>
    withAttempt(state, build, (attempt) => ({ ...attempt, commit: order.commit, order })),
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
  BuildRevived: (state, { build }) => revived(state, build),
  BuildSucceeded: (state, { build }) => finish(state, build, 'succeeded', 'fulfilled'),
  BuildFailed: (state, { build }) => finish(state, build, 'failed', 'failed'),
  BuildCanceled: (state, { build }) => finish(state, build, 'canceled', 'failed'),
};

/** Folds one event in. Total: what does not fit the state changes nothing. */
export const evolve = (state: ArtifactState, event: ArtifactEvent): ArtifactState => {
  const handler = handlers[event.type] as (s: ArtifactState, e: ArtifactEvent) => ArtifactState;
  return handler(state, event);
};
