import type { ReconcileCompleted } from '../../domain/reconcile/events.ts';

/** What came of a run that was done to its end. */
export type Completed = Omit<ReconcileCompleted, 'type'>;
