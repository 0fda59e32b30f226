import test from 'ava';
import type { BranchCommand } from '../../../domain/branch/branch.ts';
import { branch, coveredBy } from '../../../domain/branch/branch.ts';
import type { BranchEvent } from '../../../domain/branch/events.ts';
import { specify } from '../../support/specify.ts';

type Hear = Extract<BranchCommand, { readonly type: 'Hear' }>;

const given = specify(branch);
const minute = (m: number): string => `2026-03-01T10:${String(m).padStart(2, '0')}:00.000Z`;

const hear = (messageId: string, rest: Partial<Hear> = {}, rev = 'abc'): Hear => ({
  ...{ type: 'Hear', messageId, messageStream: `message-${messageId}`, sentAt: minute(10) },
  ...{ authoritative: true, notBefore: null },
  reading: {
    ...{ kind: 'GitRPMSpecChangeEvent', id: 'git:1', searchKey: 'npm', repo: 'npm', branch: '20' },
    ...{ rev, oldRev: null, filesKnown: true, publisher: 'git.receive' },
  },
  ...rest,
});
const heard = (...hearing: Parameters<typeof hear>): BranchEvent => ({
  ...hear(...hearing),
  type: 'PushHeard',
});
const use: BranchCommand = { type: 'Settle', messageId: 'm1', as: 'used', trigger: 'git:1' };
const used: BranchEvent = { type: 'PushUsed', messageId: 'm1', trigger: 'git:1' };
const cover: BranchCommand = { type: 'Settle', messageId: 'm1', as: 'covered', by: 'm2' };
const covered: BranchEvent = { type: 'PushCovered', messageId: 'm1', by: 'm2' };

test('a push is heard once, however often its message comes', (t) => {
  given(t).when(hear('m1')).then(heard('m1'));
  given(t, heard('m1')).when(hear('m1')).thenNothing();
  given(t, heard('m1'), used)
    .when(hear('m1', { sentAt: minute(11) }))
    .thenNothing();
});

test('two messages are two pushes until they are settled', (t) => {
  given(t, heard('m1')).when(hear('m2')).then(heard('m2'));
});

test('a push is settled once, the first way', (t) => {
  given(t, heard('m1')).when(use).then(used);
  given(t, heard('m1')).when(cover).then(covered);
  for (const settled of [used, covered]) {
    given(t, heard('m1'), settled).when(use).thenNothing();
    given(t, heard('m1'), settled).when(cover).thenNothing();
  }
});

test('a push nobody heard of is not settled', (t) => {
  given(t).when(use).thenNothing();
  given(t, heard('m2')).when(cover).thenNothing();
});

test('to settle one push settles no other', (t) => {
  const history = [heard('m2'), heard('m1'), used];
  const { pushes } = history.reduce(branch.evolve, branch.initial);
  t.deepEqual(
    pushes.map(({ messageId, settled }) => [messageId, settled]),
    [
      ['m2', false],
      ['m1', true],
    ],
  );
});

const other = { authoritative: false, notBefore: minute(12) };
const around = { from: minute(8), to: minute(12) };
const coverOf = (...history: ReadonlyArray<BranchEvent>): string | undefined => {
  const state = [...history, heard('m1', other)].reduce(branch.evolve, branch.initial);
  return coveredBy(state, state.pushes.at(-1)!, around)?.messageId;
};

test('a push is covered by what the authoritative publisher said of the same revision', (t) => {
  t.is(coverOf(heard('m2', { sentAt: minute(50) })), 'm2');
});

test('a push is covered by what the authoritative publisher said around that time', (t) => {
  t.is(coverOf(heard('m2', { sentAt: minute(8) }, 'def')), 'm2');
  t.is(coverOf(heard('m2', { sentAt: minute(12) }, 'def')), 'm2');
});

test('a push of another time and revision does not cover it', (t) => {
  t.is(coverOf(heard('m2', { sentAt: minute(7) }, 'def')), undefined);
  t.is(coverOf(heard('m2', { sentAt: minute(13) }, 'def')), undefined);
});

test('a push is covered neither by itself nor by another of its kind', (t) => {
  t.is(coverOf(), undefined);
  t.is(coverOf(heard('m2', other)), undefined);
});

test('a push that was used long ago covers its late twin all the same', (t) => {
  t.is(coverOf(heard('m2'), { ...used, messageId: 'm2' }), 'm2');
});
