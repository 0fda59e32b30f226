import test from 'ava';
import { toLaunch } from '../../sagas/wave/launch.ts';
import type { TriggerEvent } from '../../domain/trigger/events.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { specify } from '../support/specify.ts';
import {
  aDecision,
  completed,
  decided,
  launched,
  noticed,
  stateAfter,
} from '../domain/trigger/a-trigger.ts';

const given = specify(trigger);
const until = (time: string) => ({ evidence: { until: time } });
const off = aDecision('perl', { verdict: 'later', code: 'deferred-by-rule', ...until('2027') });
const wave = [noticed, decided(aDecision('nodejs'), off), completed(1, 0, 1)] as const;
const turned = aDecision('perl');
const redecided = { type: 'CandidateRedecided', number: 7, decision: turned } as const;
const namesOf = (...history: ReadonlyArray<TriggerEvent>) =>
  toLaunch(stateAfter(...history)).map(({ name }) => name);

test('decisions that turned together are put on record together, and only those', (t) => {
  given(t, ...wave)
    .when({ type: 'RedecideAll', decisions: [aDecision('nodejs'), turned] })
    .then(redecided);
});

test('decisions that turned are put on record once', (t) => {
  given(t, ...wave, redecided)
    .when({ type: 'RedecideAll', decisions: [turned] })
    .thenNothing();
});

test('what is put off for longer is a decision that turned', (t) => {
  const longer = { ...off, ...until('2028') };
  given(t, ...wave)
    .when({ type: 'RedecideAll', decisions: [off, longer] })
    .then({ ...redecided, decision: longer });
});

test('what nobody decided cannot turn', (t) => {
  given(t, ...wave)
    .when({ type: 'RedecideAll', decisions: [aDecision('ruby')] })
    .thenNothing();
});

test('what turned to yes after the launch is launched by itself, once', (t) => {
  t.deepEqual(namesOf(...wave), ['nodejs']);
  t.deepEqual(namesOf(...wave, launched(1)), []);
  t.deepEqual(namesOf(...wave, launched(1), redecided), ['perl']);
  t.deepEqual(namesOf(...wave, launched(1), redecided, launched(2)), []);
  given(t, ...wave, launched(1), redecided)
    .when({ type: 'Launch' })
    .then(launched(2));
  given(t, ...wave, launched(1), redecided, launched(2))
    .when({ type: 'Launch' })
    .thenNothing();
});

test('what turned to yes before the launch is launched with the others', (t) => {
  t.deepEqual(namesOf(...wave, redecided), ['nodejs', 'perl']);
  t.deepEqual(namesOf(...wave, redecided, launched(2)), []);
});
