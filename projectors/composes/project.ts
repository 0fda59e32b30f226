import type { ImageBuildPrepared } from '../../domain/artifact/image-events.ts';
import type { ComposeEvent } from '../../domain/compose/events.ts';
import { composeStream } from '../../domain/stream-names.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { Tellers } from '../tellers.ts';
import { tellRow, typesOf } from '../tellers.ts';
import type { ComposeAttempt, ComposeRow, OdcsCompose } from './row.ts';
import { composesModel } from './row.ts';

type Of<Type extends ComposeEvent['type']> = Extract<ComposeEvent, { readonly type: Type }>;

const timeOrNull = (time: string | null): string | null =>
  time === null ? null : isoSeconds(time);

const wanted = ({ trigger, number, order, at }: Of<'ComposeWanted'>): ComposeRow => ({
  ...{ trigger, eventId: number, state: 'wanted', stateReason: null },
  builds: order.builds,
  packages: order.packages,
  sigkeys: order.sigkeys,
  arches: order.arches,
  ...{ composeId: null, repofile: null, expiresAt: null },
  ...{ composes: [], attempts: [], usedBy: [], wantedAt: isoSeconds(at) },
});

const withAttempt = (
  row: ComposeRow,
  attempt: number,
  change: Partial<ComposeAttempt>,
): ComposeRow => {
  const untried = { attempt, renews: null, composeId: null, outcome: null, reason: null };
  const known = row.attempts.find((other) => other.attempt === attempt) ?? untried;
  const others = row.attempts.filter((other) => other.attempt !== attempt);
  const attempts = [...others, { ...known, ...change }].sort((a, b) => a.attempt - b.attempt);
  return { ...row, attempts };
};

const unknown = { state: null, stateName: null, stateReason: null };

const withCompose = (row: ComposeRow, id: number, change: Partial<OdcsCompose>): ComposeRow => {
  const heard = { id, ...unknown, repofile: null, expiresAt: null };
  const known = row.composes.find((other) => other.id === id) ?? heard;
  const others = row.composes.filter((other) => other.id !== id);
  const composes = [...others, { ...known, ...change }].sort((a, b) => a.id - b.id);
  return { ...row, composes };
};

const requested = (row: ComposeRow, event: Of<'ComposeSubmitted'>): ComposeRow => {
  const { attempt, composeId, repofile, found } = event;
  const how = found ? 'Found in ODCS as' : 'Requested from ODCS as';
  const told = withAttempt(row, attempt, { composeId, outcome: 'submitted' });
  return {
    ...withCompose(told, composeId, { repofile }),
    ...{ state: 'requested', stateReason: `${how} ${composeId}.`, composeId, repofile },
  };
};

const observed = (row: ComposeRow, event: Of<'ComposeStateObserved'>): ComposeRow => {
  const { composeId, state, stateName, stateReason } = event;
  return withCompose(row, composeId, { state, stateName, stateReason });
};

const ready = (row: ComposeRow, event: Of<'ComposeReady'>): ComposeRow => {
  const { composeId, repofile } = event;
  const expiresAt = timeOrNull(event.expiresAt);
  const attempt = row.attempts.findLast((other) => other.composeId === composeId)?.attempt;
  const told = attempt === undefined ? row : withAttempt(row, attempt, { outcome: 'ready' });
  return {
    ...withCompose(told, composeId, { repofile, expiresAt }),
    ...{ state: 'ready', stateReason: null, composeId, repofile, expiresAt },
  };
};

const renewed = (row: ComposeRow, event: Of<'ComposeRenewed'>): ComposeRow => {
  const { attempt, composeId } = event;
  const expiresAt = timeOrNull(event.expiresAt);
  const told = withAttempt(row, attempt, { composeId, outcome: 'renewed' });
  return { ...withCompose(told, composeId, { expiresAt }), expiresAt };
};

/** A renewal that failed leaves the compose as it was. */
const failed = (row: ComposeRow, event: Of<'ComposeFailed'>): ComposeRow => {
  const { attempt, composeId, code, reason } = event;
  const told = withAttempt(row, attempt, { composeId, outcome: code, reason });
  const renews = told.attempts.find((other) => other.attempt === attempt)?.renews ?? null;
  const isStillReady = row.state === 'ready' && renews !== null && renews === row.composeId;
  return isStillReady ? told : { ...told, state: 'failed', stateReason: `${code}: ${reason}` };
};

const tellers = {
  ComposeIntended: (row, { attempt, renews }) => withAttempt(row, attempt, { renews }),
  ComposeSubmitted: requested,
  ComposeStateObserved: observed,
  ComposeReady: ready,
  ComposeRenewed: renewed,
  ComposeExpired: (row, { composeId, reason }) => ({
    ...row,
    state: 'expired',
    stateReason: `Compose ${composeId} is gone${reason === null ? '' : `: ${reason}`}.`,
  }),
  ComposeFailed: failed,
  ComposeGivenUp: (row, { code, reason }) => ({
    ...row,
    ...{ state: 'given-up', stateReason: `${code}: ${reason}` },
  }),
  ComposeReleased: (row) => ({ ...row, state: 'released', stateReason: null }),
} satisfies Tellers<ComposeRow>;

const types = ['ComposeWanted', 'ImageBuildPrepared', ...typesOf(tellers)] as const;
type Told = Recorded<EventOf<(typeof types)[number]>>;

const used = (row: ComposeRow, event: ImageBuildPrepared): ComposeRow => {
  const { build, attempt, composes } = event;
  const news = composes
    .filter(({ trigger }) => trigger === row.trigger)
    .map(({ id: composeId }) => ({ build, attempt, composeId }));
  return { ...row, usedBy: [...row.usedBy, ...news] };
};

const project = (row: ComposeRow | undefined, recorded: Told): ComposeRow | undefined => {
  const { event } = recorded;
  if (event.type === 'ComposeWanted') return row ?? wanted(event);
  if (row === undefined) return undefined;
  return event.type === 'ImageBuildPrepared' ? used(row, event) : tellRow(tellers, row, recorded);
};

const touches = ({ stream, event }: Told): ReadonlyArray<string> =>
  event.type === 'ImageBuildPrepared'
    ? [...new Set(event.composes.map(({ trigger }) => composeStream('real', trigger)))]
    : [stream];

/** The disposable repository of each trigger: what it is made of, and which builds used it. */
export const composesProjector: Projector<ComposeRow, Told['event']> = {
  model: composesModel,
  categories: ['compose', 'artifact'],
  types,
  touches,
  project,
};
