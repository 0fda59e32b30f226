import { artifact } from '../../domain/artifact/artifact.ts';
import { ArtifactEvent } from '../../domain/artifact/events.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import { isBlocked } from '../../domain/artifact/state.ts';
import { todo } from '../../domain/artifact/todo.ts';
import type { BranchState } from '../../domain/branch/branch.ts';
import { branch } from '../../domain/branch/branch.ts';
import { BranchEvent } from '../../domain/branch/events.ts';
import { ComposeEvent } from '../../domain/compose/events.ts';
import { SigningEvent } from '../../domain/signing/events.ts';
import { realmOf, triggerStream, waitStream } from '../../domain/stream-names.ts';
import { composeRow } from './compose-row.ts';
import { imageRow, signingRow } from './koji-rows.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { WorkRow } from './row.ts';
import { openWorkModel } from './row.ts';

/** What else happens to a trigger changes nothing in its row. */
const triggerTypes = ['TriggerNoticed', 'TriggerConcluded', 'TriggerReopened'] as const;
type TriggerTold = EventOf<(typeof triggerTypes)[number]>;

const imageTypes = ['ImageBuildHeard', 'ImageContentsRecorded', 'ImageBuildDismissed'] as const;
type ImageTold = EventOf<(typeof imageTypes)[number]>;

const isOfImage = (event: ImageTold | TriggerTold): event is ImageTold =>
  (imageTypes as ReadonlyArray<string>).includes(event.type);

const types = [
  ...(['PushHeard', 'PushUsed', 'PushCovered'] as const),
  ...triggerTypes,
  ...ArtifactEvent.types.map(({ name }) => name as ArtifactEvent['type']),
  ...ComposeEvent.types.map(({ name }) => name as ComposeEvent['type']),
  ...imageTypes,
  ...SigningEvent.types.map(({ name }) => name as SigningEvent['type']),
] as const;
type Told = Recorded<EventOf<(typeof types)[number]>>;

const nothing = { claims: [], waitsFor: [], tells: [], composeId: null };

const soonest = (dues: ReadonlyArray<string | null>): string | null =>
  dues.length === 0 ? null : (dues.map((due) => due ?? '').sort()[0] ?? '');

const branchRow = (body: WorkRow | undefined, event: BranchEvent): WorkRow => {
  const before = (body?.state as BranchState | undefined) ?? branch.initial;
  const open = branch.evolve(before, event).pushes.filter((push) => !push.settled);
  const due = soonest(open.map((push) => push.notBefore));
  return { ...nothing, saga: 'pushes', due, state: { pushes: open } };
};

const triggerRow = (body: WorkRow | undefined, event: TriggerTold): WorkRow => {
  const isOver = event.type === 'TriggerConcluded' && event.counts.blocked === 0;
  const wasOver = body?.due === null && event.type !== 'TriggerReopened';
  return { ...nothing, saga: 'wave', due: isOver || wasOver ? null : '', state: {} };
};

const lateOf = ({ late, finished }: ArtifactState): ArtifactState['finished'] =>
  finished.slice(0, -1).filter(({ build }) => build === late?.build);

/** Only what is open, and the last build that ended, whose triggers are to hear of it. */
const slim = (state: ArtifactState): ArtifactState => ({
  ...state,
  causes: Object.fromEntries(
    Object.entries(state.causes).filter(([, claim]) => claim.status === 'open'),
  ),
  finished: state.finished.slice(-1).concat(lateOf(state)),
  ownIds: [],
  ownCommits: {},
  ownNvrs: {},
});

const artifactRow = (body: WorkRow | undefined, event: ArtifactEvent, stream: string): WorkRow => {
  const realm = realmOf(stream);
  const before = (body?.state as ArtifactState | undefined) ?? artifact.initial;
  const state = slim(artifact.evolve(before, event));
  const open = Object.values(state.causes);
  const ended = state.finished.flatMap(({ triggers }) => triggers);
  const triggers = [...open.map(({ cause }) => cause.trigger), ...ended];
  const withdrawn = event.type === 'CauseWithdrawn' ? [event.trigger] : [];
  return {
    saga: 'rebuild',
    due: soonest(todo(state).map(({ due }) => due)),
    claims: open
      .filter((claim) => !isBlocked(claim))
      .map(({ cause }) => triggerStream(realm, cause.trigger)),
    waitsFor: [
      ...new Set(open.flatMap(({ waitsFor }) => waitsFor.map((id) => waitStream(realm, id)))),
    ],
    tells: [...new Set([...triggers, ...withdrawn].map((id) => triggerStream(realm, id)))],
    composeId: null,
    state,
  };
};

const project = (
  body: WorkRow | undefined,
  { event, stream, metadata }: Told,
): WorkRow | undefined => {
  if (BranchEvent.is(event)) return branchRow(body, event);
  if (ArtifactEvent.is(event)) return artifactRow(body, event, stream);
  if (ComposeEvent.is(event)) return { ...nothing, saga: 'compose', ...composeRow(body, event) };
  if (SigningEvent.is(event)) return signingRow(event);
  if (isOfImage(event)) return imageRow(event, metadata.recordedAt);
  return triggerRow(body, event);
};

/** Where every saga has work: an index by which streams are found, never the truth about them. */
export const openWork: Projector<WorkRow, Told['event']> = {
  model: openWorkModel,
  categories: [
    ...['branch', 'dry_branch', 'trigger', 'dry_trigger', 'artifact', 'dry_artifact'],
    ...['compose', 'image', 'signing'],
  ],
  types,
  touches: ({ stream }) => [stream],
  project,
};
