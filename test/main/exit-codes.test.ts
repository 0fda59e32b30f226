import test from 'ava';
import { exit, exitFor } from '../../main/commands/exit-codes.ts';

test('what may pass by itself does not end as wrong use, so that a unit is started again', (t) => {
  for (const code of ['outcome-unknown', 'conflict', 'cannot-listen', 'unavailable', 'mbs-refused'])
    t.is(exitFor(code), exit.unreachable, code);
});

test('what every start would meet again ends as wrong use', (t) => {
  for (const code of ['policy-differs', 'policy-faulty', 'too-large'])
    t.is(exitFor(code), exit.usage, code);
});
