import type { DomainEvent } from '../../domain/catalogue.ts';
import type { DifferenceFound } from '../../domain/reconcile/events.ts';

const at = '2026-11-22T16:40:00.000Z';

/** Run 3 begins. */
export const begun: DomainEvent = {
  ...{ type: 'ReconcileBegun', run: 3, why: 'order', owner: 'me', patience: 1000, at },
};
export const difference: DifferenceFound = {
  ...{ type: 'DifferenceFound', run: 3, system: 'mbs', code: 'state-differs', stream: 's' },
  ...{ build: 4, attempt: 1, externalId: 9, subject: 'a:b', recorded: 'build', found: 'ready' },
  action: 'look',
};
export const completed: DomainEvent = {
  ...{ type: 'ReconcileCompleted', run: 3, at, differences: 1, left: 2, missedMessages: 5 },
  ...{ newModules: 6, newImages: 7, asked: [{ question: 'running-modules', count: 8 }] },
  unreachable: [{ question: 'own-tasks', code: 'koji-unavailable', reason: 'down' }],
  marks: { readyModules: at, finishedImages: null, ownTasks: null, ownComposes: 5 },
};
