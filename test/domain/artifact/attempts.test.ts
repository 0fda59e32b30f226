import test from 'ava';
import { artifact } from '../../../domain/artifact/artifact.ts';
import { specify } from '../../support/specify.ts';
import type { Command, Event } from './an-artifact.ts';
import {
  building,
  built,
  calling,
  canceled,
  clock,
  committed,
  fail,
  failed,
  intended,
  planned,
  prepared,
  refusedBy,
  retried,
  running,
  started,
  submitted,
  taken,
  takenOver,
  withdrawn,
} from './an-artifact.ts';

const given = specify(artifact);
const first = { build: 1, attempt: 1 };
const states = {
  'nothing was ever planned': [],
  'the build is only planned': [planned(), taken(1)],
  'the build has ended': built,
  'another attempt runs': [...calling, refusedBy('mbs-unavailable'), retried(2)],
  'another build runs': [...built, planned(2), taken(2, 2), started(2, ['t2'])],
} as const;

const prepare = { type: 'PrepareCommit', ...first, commit: 'c1', bumped: true } as const;
const abandon: Command<'Abandon'> = {
  ...{ type: 'Abandon', ...first, code: 'already-built', reason: 'So it is.', at: clock('10:06') },
};
const intend = { type: 'Intend', ...first, key: 'k', owner: 'me', callTimeout: 2000 } as const;
const takeOver: Command<'TakeOver'> = {
  ...{ type: 'TakeOver', ...first, from: 'me', owner: 'other', callTimeout: 2000 },
};
const record: Command<'RecordSubmitted'> = {
  ...{ type: 'RecordSubmitted', ...first, owner: 'me', externalIds: [701], found: false },
  at: clock('10:06'),
};

const late = [prepare, abandon, intend, takeOver];
for (const [when, history] of Object.entries(states)) {
  for (const command of late) {
    test(`${command.type} changes nothing when ${when}`, (t) => {
      given(t, ...history)
        .when(command)
        .thenNothing();
    });
  }
  for (const command of [record, fail()]) {
    test(`${command.type} is refused when ${when}`, (t) => {
      given(t, ...history)
        .when(command)
        .thenRejected({ code: 'not-running' });
    });
  }
}

test('the commit of an attempt is fixed once', (t) => {
  given(t, ...running)
    .when(prepare)
    .then(prepared());
  given(t, ...committed)
    .when({ ...prepare, commit: 'c2' })
    .thenNothing();
});

test('each attempt has a commit of its own', (t) => {
  const again = { ...prepare, attempt: 2, commit: 'c2' } as const;
  given(t, ...calling, refusedBy('mbs-unavailable'), retried(2))
    .when(again)
    .then(prepared(1, 2, 'c2'));
});

test('a build is abandoned with all it was to answer', (t) => {
  given(t, planned(), taken(1), taken(2), started(1, ['t1', 't2']))
    .when(abandon)
    .then(
      { ...withdrawn(1, 'already-built') },
      { ...withdrawn(2, 'already-built') },
      { ...canceled(), code: 'already-built', reason: 'So it is.', at: clock('10:06') },
    );
});

test('a build that may have been submitted is not abandoned', (t) => {
  given(t, ...calling)
    .when(abandon)
    .thenNothing();
  given(t, ...building)
    .when(abandon)
    .thenNothing();
});

test('a build whose commit is fixed and that nobody was asked for can be abandoned', (t) => {
  given(t, ...committed)
    .when(abandon)
    .then(withdrawn(1, 'already-built'), {
      ...canceled(),
      ...{ code: 'already-built', reason: 'So it is.', at: clock('10:06') },
    });
});

test('a submission is intended once, and only when its commit is fixed', (t) => {
  given(t, ...running)
    .when(intend)
    .thenNothing();
  given(t, ...committed)
    .when(intend)
    .then(intended());
  given(t, ...calling)
    .when({ ...intend, owner: 'other' })
    .thenNothing();
  given(t, ...building)
    .when(intend)
    .thenNothing();
});

test('a submission is taken over from the owner it is taken from, and from nobody else', (t) => {
  given(t, ...committed)
    .when(takeOver)
    .thenNothing();
  given(t, ...calling)
    .when(takeOver)
    .then(takenOver('other'));
  given(t, ...calling, takenOver('third'))
    .when(takeOver)
    .thenNothing();
});

test('a submission whose outcome is on record is not taken over', (t) => {
  given(t, ...building)
    .when(takeOver)
    .thenNothing();
});

test('the owner of a call records what the build system made of it, once', (t) => {
  given(t, ...calling)
    .when(record)
    .then(submitted());
  given(t, ...building)
    .when(record)
    .thenNothing();
  given(t, ...building)
    .when({ ...record, owner: 'other' })
    .thenNothing();
});

test('whoever does not own the call records nothing of it', (t) => {
  const notTheirs = { code: 'not-the-owner' } as const;
  given(t, ...calling)
    .when({ ...record, owner: 'other' })
    .thenRejected(notTheirs);
  given(t, ...calling, takenOver('other'))
    .when(record)
    .thenRejected(notTheirs);
  given(t, ...committed)
    .when(record)
    .thenRejected(notTheirs);
  given(t, ...calling)
    .when(fail({ owner: 'other' }))
    .thenRejected(notTheirs);
  given(t, ...calling)
    .when(fail({ owner: null }))
    .thenRejected(notTheirs);
  given(t, ...calling, takenOver('other'))
    .when(fail())
    .thenRejected(notTheirs);
});

test('the new owner of a call records what came of it', (t) => {
  given(t, ...calling, takenOver('other'))
    .when({ ...record, owner: 'other', found: true })
    .then({ ...submitted(), found: true });
});

const refused = refusedBy('mbs-refused', 'refused');
const end: Event<'BuildFailed'> = { ...failed(), code: 'mbs-refused', at: clock('10:07') };

test('what may pass is tried again while policy allows', (t) => {
  given(t, ...calling)
    .when(fail())
    .then(refusedBy('mbs-unavailable'), retried(2));
  given(t, ...calling)
    .when(fail({ retries: 0 }))
    .then(refusedBy('mbs-unavailable'), { ...end, code: 'mbs-unavailable' });
});

test('every failed attempt uses up one of the retries', (t) => {
  const second = [refusedBy('mbs-unavailable'), retried(2), prepared(1, 2)];
  const again = { ...refusedBy('mbs-unavailable'), attempt: 2 };
  const command = fail({ attempt: 2, owner: null, retries: 2 });
  given(t, ...calling, ...second)
    .when(command)
    .then(again, retried(3));
  given(t, ...calling, ...second)
    .when({ ...command, retries: 1 })
    .then(again, { ...end, code: 'mbs-unavailable' });
});

test('a refusal is final, whatever policy allows', (t) => {
  given(t, ...calling)
    .when(fail({ class: 'refused', code: 'mbs-refused', retries: 9 }))
    .then(refused, end);
});

test('what fails before anybody was called has no owner', (t) => {
  given(t, ...running)
    .when(fail({ owner: null, class: 'refused', code: 'mbs-refused' }))
    .then(refused, end);
});

test('a submission that has succeeded cannot fail any more', (t) => {
  given(t, ...building)
    .when(fail())
    .thenNothing();
});
