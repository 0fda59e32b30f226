import * as t from 'io-ts';
import { Count, texts, textOrNull } from '../codec.ts';

/** What ODCS is to be asked for: exactly these builds. */
export const WantedCompose = t.strict(
  {
    builds: texts,
    packages: texts,
    sigkeys: texts,
    arches: texts,
    secondsToLive: Count,
  },
  'wanted compose',
);
export type WantedCompose = t.TypeOf<typeof WantedCompose>;

/** A trigger needs a disposable repository. One compose serves one trigger. */
export const ComposeWanted = t.strict(
  {
    type: t.literal('ComposeWanted'),
    trigger: t.string,
    number: Count,
    messageId: t.string,
    order: WantedCompose,
    at: t.string,
  },
  'ComposeWanted',
);

/**
 * `owner` is about to ask for a compose, or for a longer life of compose `renews`; whatever has an
 * id above `newestId` and fits was made by this call.
 */
export const ComposeIntended = t.strict(
  {
    type: t.literal('ComposeIntended'),
    attempt: Count,
    renews: t.union([Count, t.null]),
    newestId: Count,
    owner: t.string,
    callTimeout: Count,
  },
  'ComposeIntended',
);

/** The deadline has passed without an outcome: another process carries on, and asks first. */
export const ComposeTakenOver = t.strict(
  { type: t.literal('ComposeTakenOver'), attempt: Count, owner: t.string, callTimeout: Count },
  'ComposeTakenOver',
);

/** ODCS has it under this id; `found` when that was learnt by asking. */
export const ComposeSubmitted = t.strict(
  {
    type: t.literal('ComposeSubmitted'),
    attempt: Count,
    composeId: Count,
    found: t.boolean,
    repofile: textOrNull,
    at: t.string,
  },
  'ComposeSubmitted',
);

/** ODCS says how far it is: wait 0, generating 1, done 2, removed 3, failed 4. */
export const ComposeStateObserved = t.strict(
  {
    type: t.literal('ComposeStateObserved'),
    composeId: Count,
    state: Count,
    stateName: t.string,
    stateReason: textOrNull,
    via: t.union([t.literal('message'), t.literal('poll')]),
  },
  'ComposeStateObserved',
);

/** It is done, and its repo file answers. */
export const ComposeReady = t.strict(
  {
    type: t.literal('ComposeReady'),
    composeId: Count,
    repofile: textOrNull,
    expiresAt: textOrNull,
    at: t.string,
  },
  'ComposeReady',
);

/** ODCS gave a compose that was ready a longer life, under the same id. */
export const ComposeRenewed = t.strict(
  {
    type: t.literal('ComposeRenewed'),
    attempt: Count,
    composeId: Count,
    expiresAt: textOrNull,
    at: t.string,
  },
  'ComposeRenewed',
);

/** A compose that was ready is gone: it is asked for anew while anything waits for it. */
export const ComposeExpired = t.strict(
  { type: t.literal('ComposeExpired'), composeId: Count, reason: textOrNull, at: t.string },
  'ComposeExpired',
);

/** The attempt came to nothing. Reasons are ODCS's own words. */
export const ComposeFailed = t.strict(
  {
    type: t.literal('ComposeFailed'),
    attempt: Count,
    composeId: t.union([Count, t.null]),
    code: t.string,
    reason: t.string,
  },
  'ComposeFailed',
);

/** Another attempt follows, not before `notBefore`. */
export const ComposeRetryScheduled = t.strict(
  { type: t.literal('ComposeRetryScheduled'), attempt: Count, notBefore: t.string },
  'ComposeRetryScheduled',
);

/** No attempt is left: what waits for it is withdrawn. */
export const ComposeGivenUp = t.strict(
  { type: t.literal('ComposeGivenUp'), code: t.string, reason: t.string, at: t.string },
  'ComposeGivenUp',
);

/** Nothing waits for it any more: it is neither followed nor renewed. */
export const ComposeReleased = t.strict(
  { type: t.literal('ComposeReleased'), at: t.string },
  'ComposeReleased',
);

export const ComposeEvent = t.union([
  ComposeWanted,
  ComposeIntended,
  ComposeTakenOver,
  ComposeSubmitted,
  ComposeStateObserved,
  ComposeReady,
  ComposeRenewed,
  ComposeExpired,
  ComposeFailed,
  ComposeRetryScheduled,
  ComposeGivenUp,
  ComposeReleased,
]);
export type ComposeEvent = t.TypeOf<typeof ComposeEvent>;
