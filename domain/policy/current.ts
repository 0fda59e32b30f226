import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { PolicyEvent } from './events.ts';
import type { Policy } from './policy.ts';

/** Rules as they were read, and the text they were read from. */
export type VersionedPolicy = {
  readonly version: string;
  readonly text: string;
  readonly policy: Policy;
};

/** What holds now, and the version that held before; null for the first of all. */
export type PolicyInForce = VersionedPolicy & { readonly replaced: string | null };

/** Let these rules hold from now on. */
export type AdoptPolicy = VersionedPolicy & {
  readonly type: 'AdoptPolicy';
  readonly by: string;
  readonly why: string;
};

/** The decider of the policy stream: adopting what is in force already changes nothing. */
export const policyInForce: Decider<AdoptPolicy, PolicyInForce | undefined, PolicyEvent, never> = {
  initial: undefined,
  evolve: (before, { version, text, policy }) => ({
    ...{ version, text, policy },
    replaced: before?.version ?? null,
  }),
  decide: ({ version, text, policy, by, why }, inForce) =>
    inForce?.version === version
      ? E.right([])
      : E.right([{ type: 'PolicyAdopted', version, text, policy, by, why }]),
};

/** What the policy stream says holds now; undefined for an empty stream. */
export const currentPolicy = (events: ReadonlyArray<PolicyEvent>): PolicyInForce | undefined =>
  events.reduce(policyInForce.evolve, policyInForce.initial);
