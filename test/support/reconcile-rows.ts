import type { DifferenceRow, ReconciliationRow } from '../../projectors/reconciliations/row.ts';

/** A reconciliation as a reader shows it. */
export const aRun = (run: number, given: Partial<ReconciliationRow> = {}): ReconciliationRow => ({
  ...{ kind: 'run', run, why: 'schedule', state: 'completed', stateReason: null, owner: 'me' },
  ...{ takenOver: 0, beganAt: '2026-11-22T16:40:00Z', endedAt: '2026-11-22T16:41:00Z' },
  ...{ asked: [{ question: 'own-tasks', count: 2 }], unreachable: [], differences: 0, left: 0 },
  ...{ missedMessages: 0, newModules: 0, newImages: 0 },
  ...given,
});

/** A difference that it found. */
export const aDifference = (
  run: number,
  number: number,
  given: Partial<DifferenceRow> = {},
): DifferenceRow => ({
  ...{ kind: 'difference', run, number, system: 'mbs', code: 'state-differs', stream: 's' },
  ...{ build: 12, attempt: 1, externalId: number, subject: 'a:b', recorded: null, found: 'ready' },
  ...{ action: 'look', foundAt: '2026-11-22T16:40:30Z' },
  ...given,
});
