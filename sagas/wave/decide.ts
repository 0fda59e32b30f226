import * as E from 'fp-ts/lib/Either.js';
import type { JsonObject } from '../../domain/json.ts';
import { partsOf } from '../../domain/trigger/decide-decisions.ts';
import type { Decision } from '../../domain/trigger/decision.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { waveOf } from '../../domain/wave/wave-of.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import { again, sooner, until } from '../act.ts';
import type { WaveDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { tell } from './tell.ts';

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

const noSuchFile = { code: 'no-relevant-file', evidence: { changedFiles: 'asked of dist-git' } };

/** Parts of decisions that one append holds, with room to spare. */
const partsPerAppend = 5;

/** Large waves go on record in several appends; they count once the last is made. */
const record = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  policyVersion: string,
  decisions: ReadonlyArray<Decision>,
): Step => {
  const parts = partsOf(decisions);
  const ahead = parts.length > partsPerAppend ? parts : [];
  for (const [part, some] of ahead.entries()) {
    const told = await tell(deps, stream, noticed, { type: 'RecordPart', part, decisions: some });
    if (E.isLeft(told)) return told;
  }
  return tell(deps, stream, noticed, { type: 'RecordDecisions', policyVersion, decisions });
};

/** Decides every candidate under the policy in force, from recorded look-ups, and records it. */
export const decide = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { version, policy, judge } = inForce.right;
  const now = deps.hand.now();
  const irrelevant = state.lookups['touches-its-file'] === false ? noSuchFile : undefined;
  const declined = irrelevant ?? tooOld(noticed, policy.oldestTrigger, now);
  const decisions = waveOf(noticed, state.lookups, {
    ...{ version, judge: (subject) => judge(subject, now), declined },
  });
  return record(deps, stream, noticed, version, decisions);
};

/** Small enough that what turned together fits one append. */
const perAppend = 100;

/** Puts decisions that turned on record, in several appends where there are many; true for any. */
export const redecide = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  decisions: ReadonlyArray<Decision>,
): Promise<E.Either<Hindrance, boolean>> => {
  const context = { correlationId: noticed.messageId };
  let isNews = false;
  for (let from = 0; from < decisions.length; from += perAppend) {
    const told = await carryOut(deps.hand, deps.cache)(stream, trigger, context, {
      ...{ type: 'RedecideAll', decisions: decisions.slice(from, from + perAppend) },
    });
    if (E.isLeft(told)) return told;
    isNews ||= told.right.events.length > 0;
  }
  return E.right(isNews);
};

const isLater = ({ verdict }: Decision): boolean => verdict === 'later';

/** There is something that was put off. */
export const hasLaters = ({ decisions }: TriggerState): boolean => decisions.some(isLater);

/**
 * Decides what was put off again, under the policy and at the time of now; what was decided for good
 * stays. Looks again when the next deferral ends, and now and then, as policies change.
 */
export const reconsider = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { version, judge } = inForce.right;
  const now = deps.hand.now();
  const final = state.decisions.filter((decision) => !isLater(decision));
  const settled = new Map(final.map(({ artifact, verdict }) => [artifact, verdict === 'yes']));
  const plan = waveOf(noticed, state.lookups, {
    ...{ version, judge: (subject) => judge(subject, now), settled },
  });
  const open = plan.filter(({ artifact }) => !settled.has(artifact));
  const redecided = await redecide(deps, stream, noticed, open);
  if (E.isLeft(redecided)) return redecided;
  if (redecided.right) return E.right(again);
  const dues = open.flatMap(({ evidence: { until: due } }) =>
    typeof due === 'string' ? [{ after: until(due, now) }] : [],
  );
  return E.right(dues.reduce(sooner, { after: deps.settings.lookAgainEvery }));
};
