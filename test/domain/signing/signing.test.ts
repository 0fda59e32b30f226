import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { branchOfTags } from '../../../domain/signing/branch-of-tags.ts';
import type { SigningEvent } from '../../../domain/signing/events.ts';
import { areAllSigned, signing } from '../../../domain/signing/signing.ts';
import type { SigningCommand } from '../../../domain/signing/signing.ts';

const hear = (messageId: string): SigningCommand => ({
  ...{ type: 'Hear', buildId: 5, messageId, messageStream: `message-${messageId}` },
  ...{ sentAt: '2026-03-01T10:00:00.000Z', notBefore: '2026-03-01T10:00:03.000Z' },
});
const check = (heard: number, unsigned: number): SigningCommand => ({
  ...{ type: 'Check', heard, nvr: 'oak-1-1', rpms: 3, unsigned, reason: null },
});

const play = (...commands: ReadonlyArray<SigningCommand>) => {
  let state = signing.initial;
  const events: Array<SigningEvent> = [];
  for (const command of commands) {
    const decided = signing.decide(command, state);
    if (E.isLeft(decided)) continue;
    state = decided.right.reduce(signing.evolve, state);
    events.push(...decided.right);
  }
  return { state, types: events.map(({ type }) => type) };
};

test('each message about a signature is heard once', (t) => {
  const { types } = play(hear('m1'), hear('m2'), hear('m1'));
  t.deepEqual(types, ['SignatureHeard', 'SignatureHeard']);
});

test('an answer of Koji settles what was heard before the question', (t) => {
  const { state, types } = play(hear('m1'), check(1, 2));
  t.deepEqual(types, ['SignatureHeard', 'SignaturesChecked']);
  t.is(state.pending, null);
  t.false(state.allSigned);
});

test('a signature heard while Koji was being asked needs another question', (t) => {
  const { state, types } = play(hear('m1'), hear('m2'), check(1, 1));
  t.deepEqual(types, ['SignatureHeard', 'SignatureHeard']);
  t.is(state.pending?.messageId, 'm2');
});

test('an unsigned RPM leaves the next signature to be heard', (t) => {
  const { state } = play(hear('m1'), check(1, 1), hear('m2'));
  t.is(state.pending?.messageId, 'm2');
});

test('a build that was found signed is asked about no more', (t) => {
  const { state, types } = play(hear('m1'), check(1, 0), hear('m2'), check(1, 0));
  t.true(state.allSigned);
  t.deepEqual(types, ['SignatureHeard', 'SignaturesChecked']);
});

test('a build without RPMs is not signed', (t) => {
  t.false(areAllSigned({ rpms: 0, unsigned: 0 }));
  t.false(areAllSigned({ rpms: 2, unsigned: 1 }));
  t.true(areAllSigned({ rpms: 2, unsigned: 0 }));
});

test('the branch of a build follows from its tags where they agree', (t) => {
  t.is(branchOfTags(['f28-updates-candidate', 'f28-signing-pending', 'trash']), 'f28');
  t.is(branchOfTags(['epel10.1-testing-pending']), 'epel10.1');
  t.is(branchOfTags(['f43']), 'f43');
  t.is(branchOfTags(['f28-updates', 'f29']), null);
  t.is(branchOfTags(['foo28', 'module-f28-build']), null);
  t.is(branchOfTags([]), null);
});
