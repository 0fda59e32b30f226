import type { ArtifactState, Attempt, CauseState, Running } from './state.ts';

/** The state with one claim changed; as it was where there is no such claim. */
export const withCause = (
  state: ArtifactState,
  trigger: string,
  change: (cause: CauseState) => CauseState,
): ArtifactState => {
  const cause = state.causes[trigger];
  if (cause === undefined) return state;
  return { ...state, causes: { ...state.causes, [trigger]: change(cause) } };
};

/** The state with the running build changed; as it was where another runs, or none. */
export const withRunning = (
  state: ArtifactState,
  build: number,
  change: (running: Running) => Running,
): ArtifactState => {
  if (state.running?.build !== build) return state;
  return { ...state, running: change(state.running) };
};

export const withAttempt = (
  state: ArtifactState,
  build: number,
  change: (attempt: Attempt) => Attempt,
): ArtifactState =>
  withRunning(state, build, (running) => ({ ...running, attempt: change(running.attempt) }));

const without = (blockedBy: CauseState['blockedBy'], parent: string): CauseState['blockedBy'] =>
  Object.fromEntries(Object.entries(blockedBy).filter(([other]) => other !== parent));

export const noLongerWaiting = (claim: CauseState, parent: string): CauseState => ({
  ...claim,
  waitsFor: claim.waitsFor.filter((other) => other !== parent),
  blockedBy: without(claim.blockedBy, parent),
});
