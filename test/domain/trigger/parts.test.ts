import test from 'ava';
import { trigger } from '../../../domain/trigger/trigger.ts';
import { specify } from '../../support/specify.ts';
import { aDecision, completed, decided, noticed, stateAfter } from './a-trigger.ts';

const given = specify(trigger);
const many = Array.from({ length: 150 }, (_, index) => aDecision(`m${index}`));
const [first, rest] = [many.slice(0, 100), many.slice(100)];
const record = { type: 'RecordDecisions', policyVersion: 'p1', decisions: many } as const;
const part = (place: number, decisions: typeof many) => ({ ...decided(...decisions), part: place });

test('parts that went ahead are not written again with the others', (t) => {
  given(t, noticed, part(0, first)).when(record).then(part(1, rest), completed(150));
  given(t, noticed, part(0, first))
    .when({ type: 'RecordPart', part: 0, decisions: first })
    .thenNothing();
});

test('a part of an interrupted try gives its place to what is decided now', (t) => {
  const before = first.map((decision) => ({ ...decision, policyVersion: 'p0' }));
  given(t, noticed, part(0, before))
    .when({ type: 'RecordPart', part: 0, decisions: first })
    .then(part(0, first));
  const history = [noticed, part(0, before), part(1, rest), part(0, first), completed(150)];
  t.deepEqual(stateAfter(...history).decisions, many);
});

test('a part that comes after all was decided changes nothing', (t) => {
  given(t, noticed, part(0, first), part(1, rest), completed(150))
    .when({ type: 'RecordPart', part: 1, decisions: first.slice(0, 5) })
    .thenNothing();
});
