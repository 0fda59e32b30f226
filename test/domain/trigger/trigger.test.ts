import test from 'ava';
import { trigger } from '../../../domain/trigger/trigger.ts';
import { specify } from '../../support/specify.ts';
import type { Command } from './a-trigger.ts';
import {
  aDecision,
  completed,
  conclude,
  concluded,
  decided,
  launched,
  notice,
  noticed,
  reopen,
  reopened,
  stateAfter,
} from './a-trigger.ts';

const given = specify(trigger);

const lookups: Command<'RecordLookups'> = {
  type: 'RecordLookups',
  lookups: [
    { question: 'holders', answer: [], asOf: '5' },
    { question: 'dependents', answer: 0, asOf: '4' },
  ],
};
const answered = lookups.lookups.map((each) => ({ type: 'LookupAnswered', ...each }) as const);
const decisions = [
  aDecision('nodejs'),
  aDecision('ruby', { verdict: 'no', code: 'not-allowed' }),
  aDecision('perl', { verdict: 'later', code: 'frozen' }),
];
const decide: Command<'RecordDecisions'> = {
  ...{ type: 'RecordDecisions', policyVersion: 'p1', decisions },
};
const withdrawn = aDecision('nodejs', { verdict: 'no', code: 'denied-by-rule' });
const redecide: Command<'Redecide'> = { type: 'Redecide', decision: withdrawn };
const redecided = { type: 'CandidateRedecided', number: 7, decision: withdrawn } as const;
const wave = [noticed, ...answered, decided(...decisions), completed(1, 1, 1)] as const;

test('a trigger is noticed once, with the number it was given first', (t) => {
  given(t).when(notice).then(noticed);
  given(t, noticed)
    .when({ ...notice, number: 8, messageId: 'm2' })
    .thenNothing();
});

for (const command of [lookups, decide, { type: 'Launch' }, redecide, conclude, reopen] as const) {
  test(`${command.type} is refused where nothing was ever noticed`, (t) => {
    given(t).when(command).thenRejected({ code: 'never-noticed' });
  });
}

test('what was looked up is recorded once, all of it or nothing', (t) => {
  given(t, noticed)
    .when(lookups)
    .then(...answered);
  given(t, noticed, ...answered)
    .when(lookups)
    .thenNothing();
  given(t, noticed, ...answered.slice(0, 1))
    .when(lookups)
    .thenNothing();
});

test('another question is answered beside those that were', (t) => {
  const contents = { question: 'contents', answer: true, asOf: '' };
  given(t, noticed, ...answered)
    .when({ type: 'RecordLookups', lookups: [contents] })
    .then({ type: 'LookupAnswered', ...contents });
});

test('the decisions of a wave are recorded once, counted by verdict', (t) => {
  given(t, noticed)
    .when(decide)
    .then(decided(...decisions), completed(1, 1, 1));
  given(t, ...wave)
    .when(decide)
    .thenNothing();
});

test('a wave without candidates is complete with its closing event alone', (t) => {
  given(t, noticed)
    .when({ ...decide, decisions: [] })
    .then(completed(0));
});

test('a large wave is recorded in parts of a hundred, in order, and read as one', (t) => {
  const many = Array.from({ length: 201 }, (_, i) => aDecision(`m${i}`));
  const [first, second, third] = [many.slice(0, 100), many.slice(100, 200), many.slice(200)];
  const parts = [
    decided(...first),
    { ...decided(...second), part: 1 },
    { ...decided(...third), part: 2 },
  ];
  given(t, noticed)
    .when({ ...decide, decisions: many })
    .then(...parts, completed(201));
  t.deepEqual(stateAfter(noticed, ...parts, completed(201)).decisions, many);
});

test('the wave is launched once, with as many artifacts as were decided yes', (t) => {
  given(t, ...wave)
    .when({ type: 'Launch' })
    .then(launched(1));
  given(t, ...wave, launched(1))
    .when({ type: 'Launch' })
    .thenNothing();
});

test('a verdict that turned is recorded once', (t) => {
  given(t, ...wave)
    .when(redecide)
    .then(redecided);
  given(t, ...wave, redecided)
    .when(redecide)
    .thenNothing();
});

test('a verdict that turned for another reason is recorded again', (t) => {
  const decision = { ...withdrawn, code: 'parent-withdrawn' };
  given(t, ...wave, redecided)
    .when({ type: 'Redecide', decision })
    .then({ ...redecided, decision });
});

test('a verdict that turned takes the place of the one before', (t) => {
  const [, ...others] = decisions;
  t.deepEqual(stateAfter(...wave, redecided).decisions, [withdrawn, ...others]);
});

test('a trigger is concluded once', (t) => {
  given(t, ...wave, launched(1))
    .when(conclude)
    .then(concluded);
  given(t, ...wave, launched(1), concluded)
    .when({ ...conclude, outcome: 'failed' })
    .thenNothing();
});

test('only a concluded trigger is opened again, and can be concluded once more', (t) => {
  given(t, ...wave, launched(1))
    .when(reopen)
    .thenNothing();
  given(t, ...wave, launched(1), concluded)
    .when(reopen)
    .then(reopened);
  given(t, ...wave, launched(1), concluded, reopened)
    .when(reopen)
    .thenNothing();
  given(t, ...wave, launched(1), concluded, reopened)
    .when(conclude)
    .then(concluded);
});
