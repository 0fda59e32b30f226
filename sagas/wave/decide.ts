import * as E from 'fp-ts/lib/Either.js';
import type { JsonObject } from '../../domain/json.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { directOf, edgesOf } from '../../domain/wave/facts-of.ts';
import { planWave } from '../../domain/wave/plan.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { WaveDeps } from './deps.ts';

/**
 * Old news is declined as a whole. A rehearsal asks what would be rebuilt, and is not declined for
 * being of old messages, as most rehearsals are.
 */
const tooOld = (
  { sentAt, rehearsal }: Noticed,
  oldestTrigger: number,
  now: string,
): { readonly code: string; readonly evidence: JsonObject } | undefined => {
  const age = (Date.parse(now) - Date.parse(sentAt)) / 1000;
  if (rehearsal || age <= oldestTrigger) return undefined;
  return { code: 'too-old', evidence: { sentAt, decidedAt: now, oldestTrigger } };
};

const noSpecFile = { code: 'no-relevant-file', evidence: { changedFiles: 'asked of dist-git' } };

/** Decides every candidate under the policy in force, from recorded look-ups, and records it. */
export const decide = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Promise<E.Either<Hindrance, unknown>> => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { version, policy, judge } = inForce.right;
  const irrelevant = state.lookups['touches-its-file'] === false ? noSpecFile : undefined;
  const now = deps.hand.now();
  const declined = irrelevant ?? tooOld(noticed, policy.oldestTrigger, now);
  const decisions = planWave({
    direct: directOf(noticed, state.lookups),
    edges: edgesOf(state.lookups),
    trigger: noticed.reading.kind,
    policyVersion: version,
    judge: (subject) => judge(subject, now),
    ...(declined === undefined ? {} : { declined }),
  });
  const context = { correlationId: noticed.messageId };
  return carryOut(deps.hand, deps.cache)(stream, trigger, context, {
    ...{ type: 'RecordDecisions', policyVersion: version, decisions },
  });
};
