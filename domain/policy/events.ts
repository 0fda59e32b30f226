import * as t from 'io-ts';
import { Policy } from './policy.ts';

/** From here on these rules hold. `version` is the SHA-256 of `text`, its first 12 hex digits. */
export const PolicyAdopted = t.strict(
  {
    type: t.literal('PolicyAdopted'),
    version: t.string,
    text: t.string,
    policy: Policy,
    by: t.string,
    why: t.string,
  },
  'PolicyAdopted',
);
export type PolicyEvent = t.TypeOf<typeof PolicyAdopted>;
export const policyStream = 'policy';
