import type { ArtifactState, Running } from './state.ts';

/** The running build, if this is the attempt that runs. */
export const current = (
  state: ArtifactState,
  { build, attempt }: { readonly build: number; readonly attempt: number },
): Running | null =>
  state.running?.build === build && state.running.attempt.attempt === attempt
    ? state.running
    : null;
