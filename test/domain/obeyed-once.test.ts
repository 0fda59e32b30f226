import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { branch } from '../../domain/branch/branch.ts';
import type { BranchCommand, Heard } from '../../domain/branch/branch.ts';
import { catchUp } from '../../domain/catch-up/catch-up.ts';
import type { CatchUpCommand } from '../../domain/catch-up/commands.ts';
import type { Decider } from '../../domain/decider.ts';
import { image } from '../../domain/image/image.ts';
import type { ImageCommand } from '../../domain/image/image.ts';
import { policyInForce } from '../../domain/policy/current.ts';
import type { AdoptPolicy } from '../../domain/policy/current.ts';
import { signing } from '../../domain/signing/signing.ts';
import type { SigningCommand } from '../../domain/signing/signing.ts';
import type { PushReading } from '../../domain/trigger/reading.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import type { TriggerCommand } from '../../domain/trigger/trigger.ts';
import { at, claimBy, progress } from './catch-up/a-catch-up.ts';
import { aPolicy } from './policy/a-policy.ts';
import { aDecision, conclude, notice, reopen, specChange } from './trigger/a-trigger.ts';

/** Obeys a command, then says it once more: what that would add to the record. */
const repeated = <Command, State, Event, Rejection>(
  decider: Decider<Command, State, Event, Rejection>,
  commands: ReadonlyArray<Command>,
): ReadonlyArray<Event> => {
  let state = decider.initial;
  const eventsOf = (command: Command) => {
    const decided = decider.decide(command, state);
    return E.isRight(decided) ? decided.right : [];
  };
  return commands.flatMap((command) => {
    state = eventsOf(command).reduce(decider.evolve, state);
    return eventsOf(command);
  });
};

const promise = <Command, State, Event, Rejection>(
  what: string,
  decider: Decider<Command, State, Event, Rejection>,
  command: fc.Arbitrary<Command>,
): void => {
  test(`a command to a ${what} obeyed once has nothing left to say`, (t) => {
    const commands = fc.array(command, { maxLength: 30 });
    t.notThrows(() =>
      fc.assert(fc.property(commands, (all) => repeated(decider, all).length === 0)),
    );
  });
};

const decision = fc
  .record({
    name: fc.constantFrom('a', 'b'),
    verdict: fc.constantFrom('yes', 'no', 'later'),
    code: fc.constantFrom('x', 'y'),
  })
  .map(({ name, ...rest }) => aDecision(name, rest));
const lookup = fc.constantFrom('holders', 'dependents', 'contents').map((question) => {
  return { question, answer: 1, asOf: '1' };
});
promise(
  'trigger',
  trigger,
  fc.oneof<Array<fc.Arbitrary<TriggerCommand>>>(
    fc.constantFrom<TriggerCommand>(notice, { type: 'Launch' }, conclude, reopen),
    decision.map((one) => ({ type: 'Redecide', decision: one })),
    fc
      .uniqueArray(decision, { selector: ({ name }) => name })
      .map((decisions) => ({ type: 'RecordDecisions', policyVersion: 'p', decisions })),
    fc
      .uniqueArray(lookup, { selector: ({ question }) => question })
      .map((lookups) => ({ type: 'RecordLookups', lookups })),
  ),
);

const messageId = fc.constantFrom('m1', 'm2', 'm3');
const heard = fc.record({ messageId, authoritative: fc.boolean() }).map((some): Heard => ({
  ...{ messageStream: 'message-m', sentAt: '2026-03-01T10:00:00.000Z', notBefore: null },
  ...{ reading: specChange as PushReading, ...some },
}));
promise(
  'branch',
  branch,
  fc.oneof<Array<fc.Arbitrary<BranchCommand>>>(
    heard.map((hearing) => ({ type: 'Hear', ...hearing })),
    messageId.map((id) => ({ type: 'Settle', messageId: id, as: 'used', trigger: 't' })),
    messageId.map((id) => ({ type: 'Settle', messageId: id, as: 'covered', by: 'm9' })),
  ),
);

promise(
  'policy',
  policyInForce,
  fc.constantFrom('v1', 'v2').map((version): AdoptPolicy => {
    return { type: 'AdoptPolicy', version, text: '', policy: aPolicy(), by: 'me', why: 'why' };
  }),
);

promise(
  'build that may be an image',
  image,
  fc.constantFrom<Array<ImageCommand>>(
    { type: 'Hear', buildId: 5, nvr: 'oak-1-1' },
    { type: 'Dismiss', nvr: 'oak-1-1', code: 'missing', reason: 'gone' },
    { type: 'Dismiss', nvr: 'oak-1-1', code: 'not-an-image', reason: 'an RPM' },
  ),
);

promise(
  'build that is being signed',
  signing,
  fc.oneof<Array<fc.Arbitrary<SigningCommand>>>(
    messageId.map((id) => ({
      ...{ type: 'Hear', buildId: 5, messageId: id, messageStream: `message-${id}` },
      ...{ sentAt: '2026-03-01T10:00:00.000Z', notBefore: '2026-03-01T10:00:03.000Z' },
    })),
    fc.record({ heard: fc.nat(4), unsigned: fc.nat(1) }).map((some) => ({
      ...{ type: 'Check', nvr: 'oak-1-1', rpms: 2, reason: null, ...some },
    })),
  ),
);

const held = { run: fc.nat(3), owner: fc.constantFrom('a', 'b') };
promise(
  'catch-up',
  catchUp,
  fc.oneof<Array<fc.Arbitrary<CatchUpCommand>>>(
    fc
      .record({ owner: held.owner, minute: fc.integer({ min: 1, max: 40 }) })
      .map(({ owner, minute }) => claimBy(owner, minute, { why: 'order', by: 'ann' })),
    fc
      .record({ ...held, minute: fc.nat(50), page: fc.nat(3) })
      .map(({ minute, page, ...some }) => ({
        ...{ type: 'Advance', deadline: at(minute), progress: { ...progress, page }, ...some },
      })),
    fc.record(held).map((some) => ({ type: 'Complete', messages: 2, missed: 1, ...some })),
    fc.record(held).map((some) => ({ type: 'Abandon', code: 'c', reason: 'r', ...some })),
    fc.nat(50).map((minute) => ({ type: 'Cancel', by: 'ann', now: at(minute) })),
  ),
);
