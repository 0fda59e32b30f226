import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ParentAnswer } from '../../domain/artifact/commands.ts';
import { parentAnswer } from '../../domain/artifact/parent-answer.ts';
import type { ArtifactState, CauseState } from '../../domain/artifact/state.ts';
import { composeAnswer } from '../../domain/compose/answer.ts';
import { compose } from '../../domain/compose/compose.ts';
import type { ComposeState } from '../../domain/compose/state.ts';
import { flowOf } from '../../domain/policy/flow-of.ts';
import { artifactParts, isCompose, realmOf, waitStream } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import { again, secondsFrom } from '../act.ts';
import { newestNumber } from '../claim-number.ts';
import type { PolicyInForce } from '../current-policy.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, tell } from './tell.ts';

const ofCompose = (state: ComposeState): ParentAnswer | undefined => {
  const answer = composeAnswer(state);
  switch (answer.type) {
    case 'ready':
      return { type: 'succeeded', name: 'compose', build: answer.composeId };
    case 'waiting':
      return undefined;
    case 'given-up':
      return { type: 'impossible', code: answer.code, explanation: answer.reason };
  }
};

/** What the stream of whatever a claim waits for answers it: an artifact's, or a compose's. */
const answerOf = async (
  { hand, cache }: RebuildDeps,
  stream: string,
  { cause }: CauseState,
  parent: string,
): Promise<E.Either<Hindrance, ParentAnswer | undefined>> => {
  const parentStream = waitStream(realmOf(stream), parent);
  if (isCompose(parent)) {
    const loaded = await loadStream(hand.log, cache)(parentStream, compose);
    return E.map(({ state }: { readonly state: ComposeState }) => ofCompose(state))(loaded);
  }
  const loaded = await loadStream(hand.log, cache)(parentStream, artifact);
  const { trigger: id, number } = cause;
  return E.map(({ state }: { readonly state: ArtifactState }) =>
    parentAnswer(state, { id, number }),
  )(loaded);
};

const askParent = async (
  deps: RebuildDeps,
  stream: string,
  claim: CauseState,
  parent: string,
): Promise<E.Either<Hindrance, boolean>> => {
  const answer = await answerOf(deps, stream, claim, parent);
  if (E.isLeft(answer)) return answer;
  if (answer.right === undefined) return E.right(false);
  const { trigger, messageId } = claim.cause;
  const told = await tell(deps, stream, messageId, {
    ...{ type: 'NoteParent', trigger, parent, answer: answer.right },
  });
  return E.map((state: ArtifactState) => {
    const now = state.causes[trigger];
    return now?.status !== 'open' || !now.waitsFor.includes(parent);
  })(told);
};

/** Asks every parent that has not answered yet, and notes what it says. */
export const askParents = async (
  deps: RebuildDeps,
  stream: string,
  claims: ReadonlyArray<CauseState>,
): Step => {
  let news = false;
  for (const claim of claims) {
    for (const parent of claim.waitsFor) {
      const freed = await askParent(deps, stream, claim, parent);
      if (E.isLeft(freed)) return freed;
      news ||= freed.right;
    }
  }
  return E.right(news ? again : { after: deps.settings.lookAgainEvery });
};

const aMinute = 60_000;

const judged = (
  { judge, version }: PolicyInForce,
  { artifact: id, name, branch }: ArtifactState,
  claims: ReadonlyArray<CauseState>,
  at: string,
) => {
  const { kind } = artifactParts(id);
  const judgements = claims.map(({ cause }) => ({
    trigger: cause.trigger,
    ...judge({ kind, name, branch, flow: flowOf(cause.kind), trigger: cause.kind }, at),
  }));
  return {
    denied: judgements.flatMap(({ trigger, verdict, code, rule }) => {
      const explanation = `Policy ${version}, rule ${rule ?? 'none'}, at the start of the build.`;
      return verdict === 'no' ? [{ trigger, code, explanation }] : [];
    }),
    deferred: judgements.flatMap(({ trigger, verdict }) => (verdict === 'later' ? [trigger] : [])),
  };
};

/** Judges the claims again under the policy of this moment, and starts with those that are ready. */
export const start = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  claims: ReadonlyArray<CauseState>,
): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const newest = await newestNumber(deps.hand, deps.triggerNumbers);
  if (E.isLeft(newest)) return newest;
  const { version, policy } = inForce.right;
  const at = deps.hand.now();
  const { denied, deferred } = judged(inForce.right, state, claims, at);
  const triggers = claims.map(({ cause }) => cause.trigger);
  const told = await tell(deps, stream, correlationOf(state, triggers), {
    ...{ type: 'Start', at, policyVersion: version, afterTrigger: newest.right, denied },
    deferred,
    overdueSince: secondsFrom(at, -policy.longestWait),
  });
  if (E.isLeft(told)) return told;
  const isOn = told.right.planned?.build !== state.planned?.build;
  if (isOn) return E.right(again);
  const { lookAgainEvery } = deps.settings;
  return E.right({
    after: deferred.length > 0 ? Math.min(lookAgainEvery, aMinute) : lookAgainEvery,
  });
};
