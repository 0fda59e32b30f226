import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { TakeCause } from '../../domain/artifact/commands.ts';
import { artifactStream, isCompose, realmOf } from '../../domain/stream-names.ts';
import type { Decision } from '../../domain/trigger/decision.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import { becauseOf } from '../../domain/wave/facts-of.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import { secondsFrom } from '../act.ts';
import { forEach } from '../side-by-side.ts';
import { wantCompose } from './compose.ts';
import type { WaveDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { tell } from './tell.ts';

/** Appends of one wave that are under way at once; more only queue up in the log. */
const sideBySide = 8;

const nameOf = (artifactId: string): string => artifactId.split(':')[1] ?? artifactId;

const claimOf = (
  decision: Decision,
  noticed: Noticed,
  now: string,
  quietWindow: number,
): TakeCause => {
  const { artifact: id, name, branch, reason, code, waitsFor } = decision;
  const parent = waitsFor.find((each) => !isCompose(each));
  const isDependent = reason === 'dependency' && parent !== undefined;
  const because = isDependent ? `${nameOf(parent)} update` : becauseOf(noticed);
  const { number, reading, messageId, rehearsal } = noticed;
  const { id: triggerId, kind, searchKey } = reading;
  return {
    ...{ type: 'TakeCause', artifact: id, name, branch, rehearsal, waitsFor },
    cause: { trigger: triggerId, number, kind, searchKey, messageId, reason, code, because },
    ...{ at: now, notBefore: secondsFrom(now, quietWindow) },
  };
};

const take = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  claim: TakeCause,
): Promise<E.Either<Hindrance, unknown>> => {
  const target = artifactStream(realmOf(stream), claim.artifact);
  const context = { correlationId: noticed.messageId };
  const act = carryOut(deps.hand, deps.cache);
  const taken = await act(target, artifact, context, claim);
  if (E.isRight(taken) || taken.left.code !== 'number-needed') return taken;
  const number = await deps.claimBuildNumber(target, context);
  if (E.isLeft(number)) return number;
  return act(target, artifact, context, { ...claim, build: number.right });
};

/** What was decided yes and has perhaps not taken its cause yet: all of it, or what turned since. */
export const toLaunch = ({
  decisions,
  launched,
  unlaunched,
}: TriggerState): ReadonlyArray<Decision> => {
  if (launched && unlaunched.length === 0) return [];
  const turned = new Set(unlaunched);
  return decisions.filter(
    ({ verdict, artifact: id }) => verdict === 'yes' && (!launched || turned.has(id)),
  );
};

/** Every artifact decided yes takes the trigger as a cause; when all have, the wave is launched. */
export const launch = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const wanted = await wantCompose(deps, state, noticed);
  if (E.isLeft(wanted)) return wanted;
  const { quietWindow } = inForce.right.policy;
  const claims = toLaunch(state).map((decision) =>
    claimOf(decision, noticed, deps.hand.now(), quietWindow),
  );
  const taken = await forEach(claims, sideBySide, (claim) => take(deps, stream, noticed, claim));
  return E.isLeft(taken) ? taken : tell(deps, stream, noticed, { type: 'Launch' });
};
