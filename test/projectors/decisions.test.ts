import test from 'ava';
import { decisionsProjector } from '../../projectors/decisions/project.ts';
import { aDecision, noticed } from './stories.ts';
import { bodiesAfter, inStream } from './told.ts';

const here = inStream('trigger-t7');
const decided = (part: number, ...decisions: ReadonlyArray<ReturnType<typeof aDecision>>) =>
  here({ type: 'CandidatesDecided', number: 7, part, decisions });
const perl = aDecision({ artifact: 'module:perl:5', name: 'perl', branch: '5', verdict: 'no' });

test('each candidate decided has a row that says where its decision is on record', (t) => {
  const rows = bodiesAfter(decisionsProjector, [here(noticed()), decided(0, aDecision(), perl)]);
  t.deepEqual(Object.keys(rows), ['7/module:nodejs:20', '7/module:perl:5']);
  t.deepEqual(rows['7/module:nodejs:20'], {
    ...{ eventId: 7, ...aDecision(), decidedAt: '2026-03-01T10:20:30Z' },
    ...{ recordedIn: 'trigger-t7', revision: 1 },
  });
});

test('decisions that come in parts are all there', (t) => {
  const rows = bodiesAfter(decisionsProjector, [decided(0, aDecision()), decided(1, perl)]);
  t.is(Object.keys(rows).length, 2);
});

test('a candidate decided anew shows the later verdict and where it stands', (t) => {
  const decision = aDecision({ verdict: 'later', code: 'frozen' });
  const again = here({ type: 'CandidateRedecided', number: 7, decision });
  const rows = bodiesAfter(decisionsProjector, [decided(0, aDecision(), perl), again]);
  t.like(rows['7/module:nodejs:20'], { verdict: 'later', code: 'frozen', revision: 1 });
  t.like(rows['7/module:perl:5'], { verdict: 'no', revision: 0 });
});

test('one artifact has a decision for each trigger', (t) => {
  const other = inStream('trigger-t8');
  const decisions = [aDecision()];
  const more = other({ type: 'CandidatesDecided', number: 8, part: 0, decisions });
  const rows = bodiesAfter(decisionsProjector, [decided(0, aDecision()), more]);
  t.deepEqual(Object.keys(rows), ['7/module:nodejs:20', '8/module:nodejs:20']);
});
