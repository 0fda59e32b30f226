import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import type { ReconcileCommand } from '../../../domain/reconcile/reconcile.ts';
import type { Difference } from '../../../domain/reconcile/state.ts';
import { reconcile } from '../../../domain/reconcile/reconcile.ts';
import { countNoted } from '../../../domain/reconcile/state.ts';
import { dueAt } from '../../../sagas/reconcile/due.ts';

const at = '2026-11-22T10:00:00.000Z';
const begin: ReconcileCommand = {
  ...{ type: 'Begin', run: 1, why: 'schedule', owner: 'one', patience: 60_000, at },
};
const marks = { readyModules: at, finishedImages: null, ownTasks: null, ownComposes: 7 };
const complete = (owner: string, run = 1): ReconcileCommand => ({
  ...{ type: 'Complete', run, owner, at, asked: [], unreachable: [], differences: 0, left: 0 },
  ...{ missedMessages: 0, newModules: 0, newImages: 0, marks },
});
const difference: Difference = {
  ...{ system: 'mbs', code: 'state-differs', stream: 's', build: 1, attempt: 1, externalId: 9 },
  ...{ subject: 'a:b', recorded: 'build', found: 'ready', action: 'look' },
};
const note: ReconcileCommand = { type: 'Note', run: 1, owner: 'one', differences: [difference] };
const takeOver: ReconcileCommand = {
  ...{ type: 'TakeOver', run: 1, owner: 'two', from: 'one', pulse: 0, patience: 60_000, at },
};

const after = (...commands: ReadonlyArray<ReconcileCommand>) =>
  commands.reduce((state, command) => {
    const decided = reconcile.decide(command, state);
    return E.isRight(decided) ? decided.right.reduce(reconcile.evolve, state) : state;
  }, reconcile.initial);
const said = (command: ReconcileCommand, ...before: ReadonlyArray<ReconcileCommand>) => {
  const decided = reconcile.decide(command, after(...before));
  return E.isRight(decided) ? decided.right.map(({ type }) => type) : decided.left.code;
};

test('a run begins once; while it is under way nobody else begins another', (t) => {
  t.deepEqual(said(begin), ['ReconcileBegun']);
  t.deepEqual(said(begin, begin), []);
  t.is(said({ ...begin, owner: 'two' }, begin), 'under-way');
  t.deepEqual(said({ ...begin, run: 2, owner: 'two' }, begin, complete('one')), ['ReconcileBegun']);
});

test('a run is taken over only from the one who has been silent since', (t) => {
  t.deepEqual(said(takeOver, begin), ['ReconcileTakenOver']);
  t.deepEqual(said(takeOver, begin, note), []);
  t.deepEqual(said({ ...takeOver, from: 'three' }, begin), []);
  t.is(said(note, begin, takeOver), 'not-the-owner');
  t.is(said(complete('one'), begin, takeOver), 'not-the-owner');
  t.deepEqual(said(complete('two'), begin, takeOver), ['ReconcileCompleted']);
});

test('who takes a run over keeps it alive, though their clock is behind', (t) => {
  const prolonged: ReconcileCommand = {
    ...{ type: 'Prolong', run: 1, owner: 'one', at: '2026-11-22T11:00:00.000Z' },
  };
  const taken: ReconcileCommand = { ...takeOver, pulse: 1 };
  const behind: ReconcileCommand = { type: 'Prolong', run: 1, owner: 'two', at };
  t.deepEqual(said(behind, begin, prolonged, taken), ['ReconcileProlonged']);
});

test('a difference is written down once a run', (t) => {
  t.deepEqual(said(note, begin), ['DifferenceFound']);
  t.deepEqual(said(note, begin, note), []);
  const twice = { ...note, differences: [difference, { ...difference, found: 'failed' }] };
  t.deepEqual(said(twice, begin, note), ['DifferenceFound']);
});

test('what a run has noted is counted whoever noted it, and by what it is', (t) => {
  const unheard: Difference = { ...difference, code: 'ready-unheard', stream: null };
  const first: ReconcileCommand = { ...note, differences: [difference, unheard] };
  const second: ReconcileCommand = {
    ...{ type: 'Note', run: 1, owner: 'two' },
    differences: [unheard, { ...unheard, externalId: 10 }],
  };
  const { running } = after(begin, first, { ...takeOver, pulse: 2 }, second);
  if (running === null) return t.fail();
  t.is(running.owner, 'two');
  t.is(countNoted(running), 3);
  t.is(countNoted(running, 'ready-unheard'), 2);
  t.is(countNoted(running, 'image-unheard'), 0);
});

test('a completed run keeps where its lists were read to; an abandoned one does not', (t) => {
  t.deepEqual(after(begin, complete('one')).marks, marks);
  const gone: ReconcileCommand = {
    ...{ type: 'Abandon', run: 1, owner: 'one', code: 'interrupted', reason: 'x', at },
  };
  t.is(after(begin, gone).marks.ownComposes, null);
});

test('a run is due a period after the last one began, before the first after the log began', (t) => {
  const began = Date.parse(at);
  t.is(dueAt(reconcile.initial, at, 5000), began + 5000);
  t.is(dueAt(after(begin, complete('one')), '2020-01-01T00:00:00.000Z', 5000), began + 5000);
  const abandoned = { ...reconcile.initial, abandonedAt: at };
  t.is(dueAt(abandoned, '2020-01-01T00:00:00.000Z', 86_400_000), began + 60_000);
});

test('a command to reconcile obeyed once has nothing left to say', (t) => {
  const command = fc.constantFrom<Array<ReconcileCommand>>(
    ...[begin, note, takeOver, complete('one'), complete('two')],
    { type: 'Prolong', run: 1, owner: 'one', at },
    { ...begin, run: 2, owner: 'two' },
  );
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), command, (commands, last) => {
        const again = said(last, ...commands, last);
        return typeof again === 'string' || again.length === 0;
      }),
    ),
  );
});
