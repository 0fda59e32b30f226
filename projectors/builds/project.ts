import type { ArtifactEvent } from '../../domain/artifact/events.ts';
import { isCompose } from '../../domain/stream-names.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { Tellers } from '../tellers.ts';
import { tellRow, typesOf } from '../tellers.ts';
import { artifactTypes, buildsModel, buildStates } from './row.ts';
import type { ToldBuild } from './told.ts';
import { withAttempt, withCauses, withLastOutcome } from './told.ts';

type Of<Type extends ArtifactEvent['type']> = Extract<ArtifactEvent, { readonly type: Type }>;

const planned = (event: Of<'BuildPlanned'>): ToldBuild => {
  const { build: id, artifact, name, branch, at, rehearsal: dryRun } = event;
  const type = artifact.startsWith('module:') ? artifactTypes.MODULE : artifactTypes.IMAGE;
  return {
    id,
    name,
    branch,
    artifact,
    type,
    state: buildStates.PLANNED,
    stateReason: null,
    rebuildReason: 'unknown',
    originalNvr: null,
    rebuiltNvr: null,
    depOn: null,
    depOnId: null,
    timeSubmitted: isoSeconds(at),
    timeCompleted: null,
    eventId: 0,
    eventIds: [],
    eventTypeId: null,
    eventSearchKey: null,
    causes: [],
    buildId: null,
    buildArgs: { branch },
    odcsComposes: [],
    dryRun,
    attempts: [],
  };
};

const waitReason = (parent: string): string => `Waits for ${parent}: `;

const waitFulfilled = (row: ToldBuild, event: Of<'WaitFulfilled'>): ToldBuild => {
  const { parent, parentName: depOn, parentBuild: depOnId } = event;
  const isOver = row.stateReason?.startsWith(waitReason(parent)) === true;
  const stateReason = isOver ? null : row.stateReason;
  return { ...row, stateReason, ...(isCompose(parent) ? {} : { depOn, depOnId }) };
};

const imagePrepared = (row: ToldBuild, event: Of<'ImageBuildPrepared'>): ToldBuild => {
  const { attempt, commit, rebuiltNvr, originalNvr } = event;
  const { repository, target, release, parent, originalParent, arches } = event;
  const composes = event.composes.map(({ id }) => id);
  const order = { repository, target, release, parent, originalParent, arches, composes };
  return {
    ...withAttempt(row, attempt, { commit, order, nvr: rebuiltNvr }),
    ...{ originalNvr, rebuiltNvr, odcsComposes: composes },
  };
};

const submitted = (row: ToldBuild, event: Of<'BuildSubmitted'>): ToldBuild => {
  const { attempt, externalIds, found } = event;
  const how = found ? 'Found in the build system as' : 'Submitted to the build system as';
  return {
    ...withAttempt(row, attempt, { externalIds, outcome: 'submitted', reason: null }),
    state: buildStates.BUILD,
    stateReason: `${how} ${externalIds.join(', ')}.`,
    buildId: externalIds.length === 0 ? null : Math.min(...externalIds),
  };
};

const observed = (row: ToldBuild, event: Of<'BuildStateObserved'>): ToldBuild => {
  const { externalId, stateName, stateReason } = event;
  const because = stateReason === null || stateReason === '' ? '.' : `: ${stateReason}`;
  return { ...row, stateReason: `Build ${externalId} is ${stateName}${because}` };
};

/** The event names the attempt to come; what has failed is the one before. */
const retried = (row: ToldBuild, event: Of<'BuildRetryScheduled'>): ToldBuild => {
  const { attempt, notBefore, code, reason } = event;
  return {
    ...withLastOutcome(row, code, reason),
    stateReason: `Attempt ${attempt} follows at ${isoSeconds(notBefore)}, because of ${code}: ${reason}`,
  };
};

const ended = (row: ToldBuild, state: number, stateReason: string, at: string): ToldBuild => ({
  ...row,
  state,
  stateReason,
  timeCompleted: isoSeconds(at),
});

/** Of an image the attempt that has succeeded is the one that was to make it, if any was. */
const revived = (row: ToldBuild, { at, nvr }: Of<'BuildRevived'>): ToldBuild => {
  const made = row.attempts.find((each) => nvr !== undefined && each.nvr === nvr);
  const told =
    made === undefined
      ? withLastOutcome(row, 'succeeded', null)
      : withAttempt(row, made.attempt, { outcome: 'succeeded', reason: null });
  const known = nvr === undefined ? told : { ...told, rebuiltNvr: nvr };
  return ended(known, buildStates.DONE, 'Built successfully after all.', at);
};

const tellers = {
  CauseTaken: (row, { cause }) => withCauses(row, [...row.causes, causeTold(cause)]),
  CauseWithdrawn: (row, { code, explanation }) => ({
    ...row,
    stateReason: `A cause was withdrawn, ${code}: ${explanation}`,
  }),
  WaitFulfilled: waitFulfilled,
  WaitBlocked: (row, { parent, code }) => ({ ...row, stateReason: `${waitReason(parent)}${code}` }),
  WaitDropped: (row, { parent, code }) => ({
    ...row,
    stateReason: `No longer waits for ${parent}: ${code}`,
  }),
  BuildStarted: (row, { triggers, policyVersion }) => ({
    ...row,
    stateReason: `Started for ${triggers.join(', ')} under policy ${policyVersion}.`,
  }),
  BuildRehearsed: (row) => ({
    ...row,
    stateReason: 'Rehearsal: it would be submitted now; nothing was called.',
  }),
  CommitPrepared: (row, { attempt, commit }) => withAttempt(row, attempt, { commit }),
  ImageBuildPrepared: imagePrepared,
  ImageBuilt: (row, { attempt, nvr }) => ({
    ...withAttempt(row, attempt, { nvr }),
    rebuiltNvr: nvr,
  }),
  SubmissionIntended: (row, { attempt }) => withAttempt(row, attempt, {}),
  SubmissionTakenOver: (row, { attempt, owner }) =>
    withAttempt(row, attempt, { reason: `taken over by ${owner}` }),
  BuildSubmitted: submitted,
  SubmissionFailed: (row, { attempt, code, reason }) => ({
    ...withAttempt(row, attempt, { outcome: code, reason }),
    stateReason: `Attempt ${attempt} failed, ${code}: ${reason}`,
  }),
  BuildStateObserved: observed,
  BuildRetryScheduled: retried,
  LateReadyObserved: (row, { externalId }) => ({
    ...row,
    stateReason: `Build ${externalId} became ready after all.`,
  }),
  BuildRevived: revived,
  BuildSucceeded: (row, { at }) =>
    ended(withLastOutcome(row, 'succeeded', null), buildStates.DONE, 'Built successfully.', at),
  BuildFailed: (row, { code, reason, at }) =>
    ended(withLastOutcome(row, code, reason), buildStates.FAILED, reason, at),
  BuildCanceled: (row, { code, reason, at }) =>
    ended(withLastOutcome(row, code, reason), buildStates.CANCELED, reason, at),
} satisfies Tellers<ToldBuild>;

const types = ['BuildPlanned', 'CauseMoved', ...typesOf(tellers)] as const;
type Told = EventOf<(typeof types)[number]>;

const causeTold = ({ trigger, number, kind, searchKey, reason }: Of<'CauseTaken'>['cause']) => ({
  ...{ trigger, number, kind, searchKey, reason },
});

const moved = (
  row: ToldBuild,
  { trigger, from, build }: Of<'CauseMoved'>,
  before: (id: string) => ToldBuild | undefined,
): ToldBuild => {
  if (row.id === from) {
    return withCauses(
      row,
      row.causes.filter((cause) => cause.trigger !== trigger),
    );
  }
  if (row.id !== build) return row;
  const cause = before(String(from))?.causes.find((other) => other.trigger === trigger);
  return cause === undefined ? row : withCauses(row, [...row.causes, cause]);
};

const project: Projector<ToldBuild, Told>['project'] = (
  row,
  recorded,
  _id,
  before = () => undefined,
) => {
  const { event } = recorded;
  if (event.type === 'BuildPlanned') return row ?? planned(event);
  if (row === undefined) return undefined;
  if (event.type === 'CauseMoved') return moved(row, event, before);
  return tellRow(tellers, row, recorded);
};

const touches = ({ event }: Recorded<Told>): ReadonlyArray<string> =>
  event.type === 'CauseMoved' ? [String(event.from), String(event.build)] : [String(event.build)];

/** What became of each rebuild of each artifact, as the REST API shows it. */
export const buildsProjector: Projector<ToldBuild, Told> = {
  model: buildsModel,
  categories: ['artifact', 'dry_artifact'],
  types,
  touches,
  project,
};
