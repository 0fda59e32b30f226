import * as E from 'fp-ts/lib/Either.js';
import type { Policy } from '../domain/policy/policy.ts';
import { policyStream } from '../domain/policy/events.ts';
import type { Judge } from '../domain/policy/judge.ts';
import { prepare } from '../domain/policy/judge.ts';
import { decodeRecorded } from '../event-log/carry-out.ts';
import type { EventLog } from '../event-log/event-log.ts';
import type { Hindrance } from './act.ts';

export type PolicyInForce = {
  readonly version: string;
  readonly policy: Policy;
  readonly judge: Judge;
};

/** The policy in force, read from the log each time and compiled once per version. */
export type CurrentPolicy = () => Promise<E.Either<Hindrance, PolicyInForce>>;

/** Left `no-policy` where none was ever adopted: nothing may be decided then. */
export const currentPolicyOf = (log: EventLog): CurrentPolicy => {
  let known: { readonly hash: string; readonly inForce: PolicyInForce } | undefined;
  return async () => {
    const last = await log.last(policyStream)();
    if (E.isLeft(last)) return last;
    if (last.right === undefined) {
      return E.left({
        code: 'no-policy',
        reason: 'No policy was adopted yet: freshmaker policy apply <file>.',
      });
    }
    const { hash } = last.right.metadata;
    if (known?.hash === hash) return E.right(known.inForce);
    const event = decodeRecorded(last.right);
    if (E.isLeft(event)) return event;
    if (event.right.type !== 'PolicyAdopted') {
      return E.left({ code: 'no-policy', reason: `${policyStream} ends in ${event.right.type}` });
    }
    const { version, policy } = event.right;
    known = { hash, inForce: { version, policy, judge: prepare(policy) } };
    return E.right(known.inForce);
  };
};
