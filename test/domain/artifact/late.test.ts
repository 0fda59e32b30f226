import test from 'ava';
import { artifact } from '../../../domain/artifact/artifact.ts';
import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import { parentAnswer } from '../../../domain/artifact/parent-answer.ts';
import { specify } from '../../support/specify.ts';
import { clock, planned, state, taken } from './an-artifact.ts';

const given = specify(artifact);
const commit = 'c'.repeat(40);
const at = clock('11:00');
const ran: ReadonlyArray<ArtifactEvent> = [
  planned(),
  taken(1),
  {
    ...{ type: 'BuildStarted', build: 1, triggers: ['t1'], policyVersion: 'p' },
    ...{ afterTrigger: 1, at },
  },
  { type: 'CommitPrepared', build: 1, attempt: 1, commit, bumped: true },
];
const failed: ReadonlyArray<ArtifactEvent> = [
  ...ran,
  { type: 'BuildFailed', build: 1, code: 'build-failed', reason: 'No luck.', at },
];
const note = { type: 'NoteLateReady', externalId: 7, commit } as const;
const late: ArtifactEvent = { type: 'LateReadyObserved', build: 1, externalId: 7, commit };
const revived: ArtifactEvent = { type: 'BuildRevived', build: 1, at };

test('a row that is ready after its build was given up is noted, once', (t) => {
  given(t, ...failed)
    .when(note)
    .then(late);
  given(t, ...failed, late)
    .when(note)
    .thenNothing();
});

test('a ready row is nothing new while its build runs, after it succeeded, or of a foreign commit', (t) => {
  given(t, ...ran)
    .when(note)
    .thenNothing();
  given(t, ...ran, { type: 'BuildSucceeded', build: 1, at })
    .when(note)
    .thenNothing();
  given(t, ...failed)
    .when({ ...note, commit: 'd'.repeat(40) })
    .thenNothing();
});

test('a failed build is revived once, and one that did not fail never', (t) => {
  given(t, ...failed, late)
    .when({ type: 'Revive', build: 1, at })
    .then(revived);
  given(t, ...failed, late, revived)
    .when({ type: 'Revive', build: 1, at })
    .thenNothing();
  given(t, ...ran)
    .when({ type: 'Revive', build: 1, at })
    .thenNothing();
});

test('a revived build answers the children that wait for it', (t) => {
  const trigger = { id: 't1', number: 1 };
  t.deepEqual(parentAnswer(state(...failed), trigger), { type: 'blocked', code: 'parent-failed' });
  const answer = parentAnswer(state(...failed, late, revived), trigger);
  t.deepEqual(answer, { type: 'succeeded', name: 'nodejs', build: 1 });
});
