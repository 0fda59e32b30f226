import type { DifferenceFound, ReconcileEvent } from '../../domain/reconcile/events.ts';
import { isoSeconds } from '../iso-seconds.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { DifferenceRow, Reconciled, ReconciliationRow } from './row.ts';
import { reconciliationsModel } from './row.ts';

type Told = Exclude<ReconcileEvent, { readonly type: 'ReconcileProlonged' }>;

const begun = ({ run, why, owner, at }: EventOf<'ReconcileBegun'>): ReconciliationRow => ({
  ...{ kind: 'run', run, why, state: 'running', stateReason: null, owner, takenOver: 0 },
  ...{ beganAt: isoSeconds(at), endedAt: null, asked: [], unreachable: [] },
  ...{ differences: 0, left: 0, missedMessages: 0, newModules: 0, newImages: 0 },
});

const completed = (
  row: ReconciliationRow,
  event: EventOf<'ReconcileCompleted'>,
): ReconciliationRow => {
  const { at, asked, unreachable, left, missedMessages, newModules, newImages } = event;
  return {
    ...{ ...row, state: 'completed', endedAt: isoSeconds(at), asked, unreachable },
    ...{ left, missedMessages, newModules, newImages },
  };
};

const runAfter = (row: ReconciliationRow, event: Told): ReconciliationRow => {
  switch (event.type) {
    case 'ReconcileBegun':
      return row;
    case 'ReconcileTakenOver':
      return { ...row, owner: event.owner, takenOver: row.takenOver + 1 };
    case 'DifferenceFound':
      return { ...row, differences: row.differences + 1 };
    case 'ReconcileCompleted':
      return completed(row, event);
    case 'ReconcileAbandoned': {
      const { code, reason, at } = event;
      const stateReason = `${code}: ${reason}`;
      return { ...row, state: 'abandoned', stateReason, endedAt: isoSeconds(at) };
    }
  }
};

const differenceOf = (event: DifferenceFound, { revision, metadata }: Recorded<Told>) => {
  const { run, system, code, stream, build, attempt, externalId } = event;
  const { subject, recorded, found, action } = event;
  const row: DifferenceRow = {
    ...{ kind: 'difference', run, number: revision, system, code, stream, build, attempt },
    ...{ externalId, subject, recorded, found, action },
    foundAt: isoSeconds(metadata.recordedAt),
  };
  return row;
};

const idOf = ({ event, revision }: Recorded<Told>): string => `${event.run}/${revision}`;

const project = (
  row: Reconciled | undefined,
  recorded: Recorded<Told>,
  id: string,
): Reconciled | undefined => {
  const { event } = recorded;
  if (event.type === 'DifferenceFound' && id === idOf(recorded)) {
    return row ?? differenceOf(event, recorded);
  }
  if (row === undefined) return event.type === 'ReconcileBegun' ? begun(event) : undefined;
  return row.kind === 'run' ? runAfter(row, event) : row;
};

/** Every comparison of the record with what the services say, and what was found. */
export const reconciliationsProjector: Projector<Reconciled, Told> = {
  model: reconciliationsModel,
  categories: ['reconcile'],
  types: [
    ...(['ReconcileBegun', 'ReconcileTakenOver', 'DifferenceFound'] as const),
    ...(['ReconcileCompleted', 'ReconcileAbandoned'] as const),
  ],
  touches: (recorded) => {
    const { event } = recorded;
    const run = String(event.run);
    return event.type === 'DifferenceFound' ? [run, idOf(recorded)] : [run];
  },
  project,
};
