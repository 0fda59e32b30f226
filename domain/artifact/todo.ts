import { artifactParts } from '../stream-names.ts';
import { isAllReady } from './external-states.ts';
import type { ArtifactState, CauseState, Intent, Late, Planned, Running } from './state.ts';
import { openCauses } from './state.ts';

/** One thing that is still to be done for an artifact; `due` (ISO) is null for at once. */
export type Todo = { readonly due: string | null } & (
  | { readonly type: 'ask-parents'; readonly claims: ReadonlyArray<CauseState> }
  | { readonly type: 'start'; readonly claims: ReadonlyArray<CauseState> }
  | { readonly type: 'prepare-commit'; readonly running: Running }
  | { readonly type: 'prepare-image'; readonly running: Running }
  | { readonly type: 'intend'; readonly running: Running; readonly commit: string }
  | {
      readonly type: 'settle';
      readonly running: Running;
      readonly commit: string;
      readonly intent: Intent;
    }
  | { readonly type: 'follow'; readonly running: Running }
  | { readonly type: 'conclude'; readonly running: Running }
  | { readonly type: 'revive'; readonly late: Late }
);

const preparing = {
  module: 'prepare-commit',
  image: 'prepare-image',
} as const;

const ofRunning = (state: ArtifactState, running: Running): Todo => {
  const { commit, intent, externalIds, notBefore } = running.attempt;
  if (commit === null) {
    return { type: preparing[artifactParts(state.artifact).kind], running, due: notBefore };
  }
  if (intent === null) return { type: 'intend', running, commit, due: null };
  if (externalIds.length === 0) return { type: 'settle', running, commit, intent, due: null };
  if (isAllReady(state, running)) return { type: 'conclude', running, due: null };
  return { type: 'follow', running, due: null };
};

const ofPlanned = (state: ArtifactState, planned: Planned): ReadonlyArray<Todo> => {
  const claims = openCauses(state, planned.build);
  const waiting = claims.filter((claim) => claim.waitsFor.length > 0);
  const asks: ReadonlyArray<Todo> =
    waiting.length > 0 ? [{ type: 'ask-parents', claims: waiting, due: null }] : [];
  const canStart =
    state.running === null && (claims.length === 0 || waiting.length < claims.length);
  return canStart ? [...asks, { type: 'start', claims, due: planned.notBefore }] : asks;
};

/** What is still to do, from folded state alone: the same list after a crash as before it. */
export const todo = (state: ArtifactState): ReadonlyArray<Todo> => [
  ...(state.late === null ? [] : [{ type: 'revive', late: state.late, due: null } as const]),
  ...(state.running === null ? [] : [ofRunning(state, state.running)]),
  ...(state.planned === null ? [] : ofPlanned(state, state.planned)),
];
