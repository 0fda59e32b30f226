import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { PolicyEvent } from './events.ts';
import type { Policy } from './policy.ts';

/** The policy in force: what was read, and the text it was read from. */
export type PolicyInForce = {
  readonly version: string;
  readonly text: string;
  readonly policy: Policy;
};

/** Let these rules hold from now on. */
export type AdoptPolicy = PolicyInForce & {
  readonly type: 'AdoptPolicy';
  readonly by: string;
  readonly why: string;
};

/** The decider of the policy stream: adopting what is in force already changes nothing. */
export const policyInForce: Decider<AdoptPolicy, PolicyInForce | undefined, PolicyEvent, never> = {
  initial: undefined,
  evolve: (_before, { version, text, policy }) => ({ version, text, policy }),
  decide: ({ version, text, policy, by, why }, inForce) =>
    inForce?.version === version
      ? E.right([])
      : E.right([{ type: 'PolicyAdopted', version, text, policy, by, why }]),
};

/** What the policy stream says holds now; undefined for an empty stream. */
export const currentPolicy = (events: ReadonlyArray<PolicyEvent>): PolicyInForce | undefined =>
  events.reduce(policyInForce.evolve, policyInForce.initial);
