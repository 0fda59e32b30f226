import test from 'ava';
import type { ArtifactEvent } from '../../domain/artifact/events.ts';
import { buildsProjector } from '../../projectors/builds/project.ts';
import type { BuildRow } from '../../projectors/builds/row.ts';
import { artifactStory as story, moved, planned, taken } from './stories.ts';
import { bodiesAfter, inStream } from './told.ts';

const here = inStream('artifact-module:nodejs:20');
const rowsAfter = (events: ReadonlyArray<ArtifactEvent>, stream = here) =>
  bodiesAfter(buildsProjector, events.map(stream)) as Record<string, BuildRow>;

const running = [planned(), taken(7), story.started, story.commit, story.intended];
const building = [...running, story.submitted];
const attempt = { attempt: 1, commit: 'c0ffee', externalIds: [], outcome: null, reason: null };
const done = { timeCompleted: '2026-03-01T11:00:00Z' };

test('a planned build with its first cause is a whole row of the REST API', (t) => {
  t.deepEqual(rowsAfter([planned(), taken(7)])['1'], {
    ...{ id: 1, name: 'nodejs', branch: '20', artifact: 'module:nodejs:20', type: 2, state: 4 },
    ...{ stateReason: null, rebuildReason: 'directly_affected', originalNvr: null },
    ...{ rebuiltNvr: null, depOn: null, depOnId: null, timeSubmitted: '2026-03-01T10:20:30Z' },
    ...{ timeCompleted: null, eventId: 7, eventIds: [7], eventTypeId: 2, eventSearchKey: 'key-7' },
    ...{ buildId: null, buildArgs: { branch: '20' }, odcsComposes: [], dryRun: false },
    attempts: [],
    causes: [
      {
        ...{ trigger: 't7', number: 7, kind: 'GitRPMSpecChangeEvent', searchKey: 'key-7' },
        reason: 'directly_affected',
      },
    ],
  } as BuildRow);
});

const cases: ReadonlyArray<readonly [string, ReadonlyArray<ArtifactEvent>, Partial<BuildRow>]> = [
  [
    'a second cause joins the first, which goes on standing for the build',
    [planned(), taken(7), taken(9)],
    { eventId: 7, eventIds: [7, 9], eventSearchKey: 'key-7' },
  ],
  [
    'a build of dependencies alone says so',
    [planned(), taken(7, 1, 'dependency')],
    { rebuildReason: 'dependency' },
  ],
  [
    'directly affected wins over dependency, whichever came first',
    [planned(), taken(7, 1, 'dependency'), taken(9)],
    { rebuildReason: 'directly_affected' },
  ],
  [
    'a cause that was withdrawn leaves its reason',
    [planned(), taken(7), story.withdrawn],
    {
      state: 4,
      stateReason: 'A cause was withdrawn, not-allowed: No rule allows it.',
      eventIds: [7],
    },
  ],
  [
    'a build whose parent will not be had says for which it waits and why',
    [planned(), taken(7), story.blocked],
    { state: 4, stateReason: 'Waits for module:perl:5: build-failed' },
  ],
  [
    'a parent that succeeded is what the build depends on, and ends the waiting',
    [planned(), taken(7), story.blocked, story.fulfilled],
    { depOn: 'perl', depOnId: 9, stateReason: null },
  ],
  [
    'a parent that succeeded leaves a reason about something else alone',
    [planned(), taken(7), story.withdrawn, story.fulfilled],
    { stateReason: 'A cause was withdrawn, not-allowed: No rule allows it.' },
  ],
  [
    'a build that has started but is not submitted is still planned',
    [planned(), taken(7), story.started],
    { state: 4, stateReason: 'Started for t7 under policy p1.', attempts: [] },
  ],
  [
    'the commit of an attempt can be seen before it is submitted',
    running,
    { state: 4, attempts: [attempt] },
  ],
  [
    'an attempt can be seen from its intent on, even without a commit',
    [planned(), story.intended],
    { attempts: [{ ...attempt, commit: null }] },
  ],
  [
    'an attempt that another process took over names it',
    [...running, story.takenOver],
    { attempts: [{ ...attempt, reason: 'taken over by two' }] },
  ],
  [
    'a submitted build builds under its lowest external id',
    building,
    {
      ...{ state: 0, buildId: 40, stateReason: 'Submitted to the build system as 41, 40.' },
      buildArgs: { branch: '20', commit: 'c0ffee', attempt: 1, external_ids: [41, 40] },
      attempts: [{ ...attempt, externalIds: [41, 40], outcome: 'submitted' }],
    },
  ],
  [
    'a build that was found instead of submitted says so',
    [...running, { ...story.submitted, found: true }],
    { state: 0, stateReason: 'Found in the build system as 41, 40.' },
  ],
  [
    'what the build system says of a row can be read',
    [...building, { ...story.observed, stateReason: 'slow' }],
    { state: 0, stateReason: 'Build 40 is build: slow' },
  ],
  [
    'a submission that failed shows in its attempt and in the reason',
    [...running, story.failedSubmission],
    {
      state: 4,
      stateReason: 'Attempt 1 failed, unavailable: connection refused',
      attempts: [{ ...attempt, outcome: 'unavailable', reason: 'connection refused' }],
    },
  ],
  [
    'a retry tells when it comes and why, and closes the attempt before',
    [...building, story.retry],
    {
      stateReason:
        'Attempt 2 follows at 2026-03-01T11:00:00Z, because of unavailable: connection refused',
      attempts: [
        {
          ...{ ...attempt, externalIds: [41, 40] },
          ...{ outcome: 'unavailable', reason: 'connection refused' },
        },
      ],
    },
  ],
  [
    'a second attempt stands beside the first',
    [
      ...running,
      story.failedSubmission,
      story.retry,
      { ...story.commit, attempt: 2, commit: 'bad' },
    ],
    {
      buildArgs: { branch: '20', commit: 'bad', attempt: 2, external_ids: [] },
      attempts: [
        { ...attempt, outcome: 'unavailable', reason: 'connection refused' },
        { ...attempt, attempt: 2, commit: 'bad' },
      ],
    },
  ],
  [
    'a build that succeeded is done',
    [...building, story.succeeded],
    {
      ...{ ...done, state: 1, stateReason: 'Built successfully.' },
      attempts: [{ ...attempt, externalIds: [41, 40], outcome: 'succeeded' }],
    },
  ],
  [
    'a build that failed says why',
    [...building, story.failed],
    {
      ...{ ...done, state: 2, stateReason: 'It broke.' },
      attempts: [
        { ...attempt, externalIds: [41, 40], outcome: 'build-failed', reason: 'It broke.' },
      ],
    },
  ],
  [
    'a build that was cancelled before any attempt says why',
    [planned(), story.canceled],
    { ...done, state: 3, stateReason: 'No cause is left.', attempts: [] },
  ],
];
for (const [title, events, expected] of cases) {
  test(title, (t) => t.like(rowsAfter(events)['1'], expected));
}

test('a rehearsed build never looks like a success', (t) => {
  const events = [planned(1, { rehearsal: true }), taken(7), story.started, story.rehearsed];
  const row = rowsAfter(events, inStream('dry_artifact-module:nodejs:20'))['1'];
  t.like(row, { state: 4, dryRun: true, timeCompleted: null, buildId: null });
  t.regex(row?.stateReason ?? '', /^Rehearsal: /u);
});

test('a cause that moves leaves one build and joins the other with all that is known of it', (t) => {
  const events = [planned(), taken(7), taken(9, 1, 'dependency'), story.started];
  const rows = rowsAfter([...events, planned(2), moved('t9')]);
  t.like(rows['1'], { eventId: 7, eventIds: [7] });
  t.like(rows['2'], {
    ...{ eventId: 9, eventIds: [9], eventSearchKey: 'key-9', eventTypeId: 2 },
    rebuildReason: 'dependency',
  });
});

test('when the first cause moves away the next one stands for the build', (t) => {
  const rows = rowsAfter([planned(), taken(7), taken(9), planned(2), moved('t7')]);
  t.like(rows['1'], { eventId: 9, eventIds: [9], eventSearchKey: 'key-9' });
});
