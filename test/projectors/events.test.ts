import test from 'ava';
import type { TriggerEvent } from '../../domain/trigger/events.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import { eventsProjector } from '../../projectors/events/project.ts';
import type { EventRow } from '../../projectors/events/row.ts';
import { aDecision, concluded, noticed, push, specChange } from './stories.ts';
import { bodiesAfter, inStream } from './told.ts';

const rowAfter = (events: ReadonlyArray<TriggerEvent>) =>
  bodiesAfter(eventsProjector, events.map(inStream('trigger-git:rpms/npm@20@abc')))['7'] as
    EventRow | undefined;

const launched: TriggerEvent = { type: 'WaveLaunched', number: 7, artifacts: 3 };
const timeDone = '2026-03-01T10:20:30Z';

test('a trigger that was noticed is a whole row of the REST API', (t) => {
  t.deepEqual(rowAfter([noticed()]), {
    ...{ id: 7, messageId: '2026-m1', searchKey: 'npm/20?#abc', eventTypeId: 2, state: 0 },
    ...{ stateReason: null, timeCreated: '2026-03-01T10:20:30Z', timeDone: null, dryRun: false },
    ...{ requester: null, requestedRebuilds: [], requesterMetadata: {}, dependsOnEvents: [] },
    ...{ dependingEvents: [], trigger: specChange.id },
  });
});

const cases: ReadonlyArray<readonly [string, ReadonlyArray<TriggerEvent>, Partial<EventRow>]> = [
  [
    'a wave that was launched is building',
    [noticed(), launched],
    { state: 1, stateReason: '3 artifacts to rebuild.', timeDone: null },
  ],
  [
    'a trigger with nothing to do is skipped',
    [noticed(), concluded('nothing-to-do', 'No module holds npm.')],
    { state: 4, stateReason: 'No module holds npm.', timeDone },
  ],
  [
    'a trigger whose builds all succeeded is complete',
    [noticed(), launched, concluded('succeeded', 'All is built.')],
    { state: 2, stateReason: 'All is built.', timeDone },
  ],
  [
    'a trigger that failed tells how many builds did what',
    [noticed(), launched, concluded('failed', 'Not all was built.')],
    { state: 3, stateReason: 'Not all was built.', timeDone },
  ],
  [
    'a rehearsal that is over says that it was one',
    [noticed({ rehearsal: true }), launched, concluded('rehearsed', 'Nothing was called.')],
    { state: 2, stateReason: 'Rehearsal: Nothing was called.', dryRun: true, timeDone },
  ],
  [
    'a rehearsal under way says that it is one',
    [noticed({ rehearsal: true }), launched],
    { state: 1, stateReason: 'Rehearsal: 3 artifacts to rebuild.' },
  ],
  [
    'a trigger that was reopened is building again',
    [
      ...[noticed(), concluded('failed', 'No.')],
      { type: 'TriggerReopened', number: 7, artifact: 'module:a:1', reason: 'perl was built.' },
    ],
    { state: 1, stateReason: 'perl was built.', timeDone: null },
  ],
  [
    'decisions and look-ups do not change the row of the trigger',
    [
      noticed(),
      { type: 'LookupAnswered', question: 'q', answer: [], asOf: '1' },
      { type: 'CandidatesDecided', number: 7, part: 0, decisions: [aDecision()] },
      { type: 'DecisionsCompleted', number: 7, policyVersion: 'p', yes: 1, no: 0, later: 0 },
      { type: 'CandidateRedecided', number: 7, decision: aDecision() },
    ],
    { state: 0, stateReason: null },
  ],
];
for (const [title, events, expected] of cases) {
  test(title, (t) => t.like(rowAfter(events), expected));
}

test('a module made ready and a changed module file have the numbers of their kinds', (t) => {
  const { id, searchKey } = specChange;
  const ready: Reading = {
    kind: 'MBSModuleStateChangeEvent',
    ...{ id, searchKey, buildId: 1, name: 'a', stream: '1', version: null, context: null },
    ...{ state: 5, stateName: 'ready', stateReason: null, commit: null },
  };
  const changed: Reading = { ...push, kind: 'GitModuleMetadataChangeEvent' };
  t.is(rowAfter([noticed({ reading: ready })])?.eventTypeId, 0);
  t.is(rowAfter([noticed({ reading: changed })])?.eventTypeId, 1);
});

test('what is told of a trigger nobody noticed makes no row', (t) => {
  t.is(rowAfter([launched]), undefined);
});
