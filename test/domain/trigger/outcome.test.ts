import test from 'ava';
import { countStandings, outcomeOf, standingOf } from '../../../domain/trigger/outcome.ts';
import {
  blocked,
  built,
  canceled,
  dropped,
  failed,
  fulfilled,
  planned,
  rehearsed,
  running,
  started,
  state,
  taken,
  withdrawn,
} from '../artifact/an-artifact.ts';
import { counts } from './a-trigger.ts';

const waiting = [planned(), taken(1, 1, { waitsFor: ['module:top:1'] })];
const stuck = [...waiting, blocked(1, 'module:top:1')];
const rehearsal = [planned(1, { rehearsal: true }), taken(1), started(1, ['t1']), rehearsed()];

const standings = [
  ['an artifact the claim has not reached', 'open', []],
  ['an artifact that is planned', 'open', [planned(), taken(1)]],
  ['an artifact that waits', 'open', waiting],
  ['an artifact that is being built', 'open', running],
  ['an artifact whose parent is blocked', 'blocked', stuck],
  ['a blocked artifact that was freed', 'open', [...stuck, fulfilled(1, 'module:top:1')]],
  ['a blocked artifact whose parent gave up', 'open', [...stuck, dropped(1, 'module:top:1')]],
  ['an artifact that was built', 'succeeded', built],
  ['an artifact that was rehearsed', 'rehearsed', rehearsal],
  ['an artifact whose build failed', 'failed', [...running, failed()]],
  ['an artifact whose build was cancelled', 'failed', [...running, canceled()]],
  ['an artifact whose claim was withdrawn', 'withdrawn', [planned(), taken(1), withdrawn(1, 'x')]],
] as const;
for (const [what, standing, history] of standings) {
  test(`${what} stands ${standing}`, (t) => {
    t.is(standingOf(state(...history), 't1'), standing);
  });
}

test('each standing is counted, and what is open is not', (t) => {
  const all = [
    'succeeded',
    'failed',
    'failed',
    'open',
    'blocked',
    'withdrawn',
    'rehearsed',
  ] as const;
  const expected = { succeeded: 1, failed: 2, blocked: 1, withdrawn: 1, rehearsed: 1 };
  t.deepEqual(countStandings(all), expected);
});

const outcomes = [
  [{ succeeded: 1 }, 'succeeded', 'all-succeeded', 'The build succeeded.'],
  [{ succeeded: 3 }, 'succeeded', 'all-succeeded', 'All 3 builds succeeded.'],
  [{ succeeded: 2, withdrawn: 1 }, 'succeeded', 'all-succeeded', 'All 2 builds succeeded.'],
  [{ failed: 1 }, 'failed', 'all-failed', '0 of 1 build succeeded, 1 failed.'],
  [
    { failed: 1, blocked: 2 },
    ...(['failed', 'all-failed'] as const),
    '0 of 3 builds succeeded, 1 failed, 2 blocked by them.',
  ],
  [
    { succeeded: 2, failed: 1, blocked: 1, withdrawn: 1 },
    ...(['failed', 'partly-failed'] as const),
    '2 of 5 builds succeeded, 1 failed, 1 blocked by them, 1 withdrawn.',
  ],
  [
    { withdrawn: 2 },
    ...(['nothing-to-do', 'all-withdrawn'] as const),
    'Every claim was withdrawn before it was built.',
  ],
  [
    { rehearsed: 2, withdrawn: 1 },
    ...(['rehearsed', 'rehearsed'] as const),
    'Rehearsal: 2 builds would be requested; nothing was called.',
  ],
] as const;
for (const [stood, outcome, code, reason] of outcomes) {
  test(`a wave of ${JSON.stringify(stood)} is ${outcome}: ${reason}`, (t) => {
    t.deepEqual(outcomeOf(counts(stood)), { outcome, code, reason });
  });
}
