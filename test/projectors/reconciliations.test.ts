import test from 'ava';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { reconciliationsProjector } from '../../projectors/reconciliations/project.ts';
import type { Reconciled } from '../../projectors/reconciliations/row.ts';
import type { Projector } from '../../projectors/projector.ts';
import { begun, completed, difference } from './reconcile-story.ts';
import { bodiesAfter, foldInto, inStream, record } from './told.ts';

const at = '2026-11-22T16:40:00.000Z';
const projector = reconciliationsProjector as unknown as Projector;
const rowsAfter = (...events: ReadonlyArray<DomainEvent>) =>
  bodiesAfter(projector, events.map(inStream('reconcile'))) as Readonly<Record<string, Reconciled>>;

test('a run that has begun is shown as running, with who does it and why', (t) => {
  t.like(rowsAfter(begun)['3'], {
    ...{ kind: 'run', run: 3, state: 'running', why: 'order', owner: 'me', endedAt: null },
    beganAt: '2026-11-22T16:40:00Z',
  });
});

test('each difference has a row of its own, and is counted in its run', (t) => {
  const rows = rowsAfter(begun, difference, { ...difference, externalId: 10 });
  t.deepEqual(Object.keys(rows).sort(), ['3', '3/1', '3/2']);
  t.like(rows['3'], { differences: 2, state: 'running' });
  t.like(rows['3/2'], { kind: 'difference', number: 2, externalId: 10, code: 'state-differs' });
});

test('a completed run tells what was compared, what was not, and what came of it', (t) => {
  t.like(rowsAfter(begun, difference, completed)['3'], {
    ...{ state: 'completed', endedAt: '2026-11-22T16:40:00Z', differences: 1, left: 2 },
    ...{ missedMessages: 5, newModules: 6, newImages: 7 },
    asked: [{ question: 'running-modules', count: 8 }],
    unreachable: [{ question: 'own-tasks', code: 'koji-unavailable', reason: 'down' }],
  });
});

test('a run that was taken over names its new owner, and an abandoned one says why', (t) => {
  const taken: DomainEvent = {
    ...{ type: 'ReconcileTakenOver', run: 3, owner: 'other', patience: 1000, at },
  };
  t.like(rowsAfter(begun, taken)['3'], { owner: 'other', takenOver: 1, state: 'running' });
  const gone: DomainEvent = {
    ...{ type: 'ReconcileAbandoned', run: 3, code: 'interrupted', reason: 'Stopped.', at },
  };
  t.like(rowsAfter(begun, gone)['3'], { state: 'abandoned', stateReason: 'interrupted: Stopped.' });
});

test('a log that is told twice leaves the same rows', (t) => {
  const history = record([begun, difference, completed].map(inStream('reconcile')));
  const once = foldInto(projector, new Map(), history);
  t.is(once.size, 2);
  t.deepEqual(foldInto(projector, once, history), once);
});
