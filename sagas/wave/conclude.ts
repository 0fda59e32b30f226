import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import { artifactStream, realmOf } from '../../domain/stream-names.ts';
import type { Decision } from '../../domain/trigger/decision.ts';
import { countStandings, outcomeOf, standingOf } from '../../domain/trigger/outcome.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance, Next } from '../act.ts';
import { releaseCompose, wantCompose } from './compose.ts';
import { redecide } from './decide.ts';
import type { WaveDeps } from './deps.ts';
import { whatWasSkipped } from './skipped.ts';
import type { Step } from './tell.ts';
import { tell } from './tell.ts';

type Member = { readonly decision: Decision; readonly state: ArtifactState };

const membersOf = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
): Promise<E.Either<Hindrance, ReadonlyArray<Member>>> => {
  const members: Array<Member> = [];
  for (const decision of state.decisions.filter(({ verdict }) => verdict === 'yes')) {
    const target = artifactStream(realmOf(stream), decision.artifact);
    const loaded = await loadStream(deps.hand.log, deps.cache)(target, artifact);
    if (E.isLeft(loaded)) return loaded;
    members.push({ decision, state: loaded.right.state });
  }
  return E.right(members);
};

/** Claims withdrawn by the artifact are decisions that turned: the trigger's record says so too. */
const withdrawnOf = (noticed: Noticed, members: ReadonlyArray<Member>): ReadonlyArray<Decision> =>
  members.flatMap(({ decision, state }) => {
    const code = state.causes[noticed.trigger]?.withdrawnFor ?? null;
    return code === null ? [] : [{ ...decision, verdict: 'no', code }];
  });

type Standings = {
  readonly members: ReadonlyArray<Member>;
  readonly standings: ReadonlyArray<ReturnType<typeof standingOf>>;
  /** One that is open and not blocked. */
  readonly open: Member | undefined;
};

const survey = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Promise<E.Either<Hindrance, Standings>> => {
  const members = await membersOf(deps, stream, state);
  if (E.isLeft(members)) return members;
  const standings = members.right.map((member) => standingOf(member.state, noticed.trigger));
  return E.right({
    ...{ members: members.right, standings },
    open: members.right[standings.indexOf('open')],
  });
};

const reopen = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  const surveyed = await survey(deps, stream, state, noticed);
  if (E.isLeft(surveyed)) return surveyed;
  const { open } = surveyed.right;
  if (open === undefined) return E.right({ after: deps.settings.lookAgainEvery });
  const { artifact: id } = open.decision;
  const reason = `${id} is no longer blocked.`;
  const wanted = await wantCompose(deps, state, noticed);
  if (E.isLeft(wanted)) return wanted;
  return tell(deps, stream, noticed, { type: 'Reopen', artifact: id, reason });
};

/** Ends a trigger whose wave has nothing open left; opens it again when something has been freed. */
export const conclude = async (
  deps: WaveDeps,
  stream: string,
  state: TriggerState,
  noticed: Noticed,
): Step => {
  if (state.concluded !== null) return reopen(deps, stream, state, noticed);
  const open = await deps.openWork.openClaims(stream)();
  if (E.isLeft(open)) return open;
  const lookAgain: Next = { after: deps.settings.lookAgainEvery };
  if (open.right > 0) return E.right(lookAgain);
  const surveyed = await survey(deps, stream, state, noticed);
  if (E.isLeft(surveyed)) return surveyed;
  if (surveyed.right.open !== undefined) return E.right(lookAgain);
  const withdrawn = withdrawnOf(noticed, surveyed.right.members);
  const redecided = await redecide(deps, stream, noticed, withdrawn);
  if (E.isLeft(redecided)) return redecided;
  const counts = countStandings(surveyed.right.standings);
  const released = await releaseCompose(deps, noticed);
  if (E.isLeft(released)) return released;
  const { outcome, code, reason } = outcomeOf(counts);
  const told = `${reason}${whatWasSkipped(state.lookups)}`;
  return tell(deps, stream, noticed, { type: 'Conclude', counts, outcome, code, reason: told });
};
