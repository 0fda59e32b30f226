import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { parentAnswer } from '../../domain/artifact/parent-answer.ts';
import type { ArtifactState, CauseState } from '../../domain/artifact/state.ts';
import { artifactStream, realmOf } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import { again, secondsFrom } from '../act.ts';
import { newestNumber } from '../claim-number.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, tell } from './tell.ts';

const askParent = async (
  deps: RebuildDeps,
  stream: string,
  { cause }: CauseState,
  parent: string,
): Promise<E.Either<Hindrance, boolean>> => {
  const parentStream = artifactStream(realmOf(stream), parent);
  const loaded = await loadStream(deps.hand.log, deps.cache)(parentStream, artifact);
  if (E.isLeft(loaded)) return loaded;
  const { trigger, number } = cause;
  const answer = parentAnswer(loaded.right.state, { id: trigger, number });
  if (answer === undefined) return E.right(false);
  const told = await tell(deps, stream, cause.messageId, {
    ...{ type: 'NoteParent', trigger, parent, answer },
  });
  return E.map((state: ArtifactState) => {
    const claim = state.causes[trigger];
    return claim?.waitsFor.includes(parent) === false;
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
  const { judge, version, policy } = inForce.right;
  const { name, branch } = state;
  const at = deps.hand.now();
  const denied = claims.flatMap(({ cause }) => {
    const subject = { kind: 'module', name, branch, flow: 'module', trigger: cause.kind };
    const { verdict, code, rule } = judge(subject, at);
    const explanation = `Policy ${version}, rule ${rule ?? 'none'}, at the start of the build.`;
    return verdict !== 'no' ? [] : [{ trigger: cause.trigger, code, explanation }];
  });
  const triggers = claims.map(({ cause }) => cause.trigger);
  const told = await tell(deps, stream, correlationOf(state, triggers), {
    ...{ type: 'Start', at, policyVersion: version, afterTrigger: newest.right, denied },
    overdueSince: secondsFrom(at, -policy.longestWait),
  });
  if (E.isLeft(told)) return told;
  const isOn = told.right.planned?.build !== state.planned?.build;
  return E.right(isOn ? again : { after: deps.settings.lookAgainEvery });
};
