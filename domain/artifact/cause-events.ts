import * as t from 'io-ts';
import { Count, texts } from '../codec.ts';

/** One trigger's claim on this artifact, with what the REST API shows of the trigger. */
export const Cause = t.strict(
  {
    trigger: t.string,
    number: Count,
    kind: t.string,
    searchKey: t.string,
    messageId: t.string,
    reason: t.union([t.literal('directly_affected'), t.literal('dependency')]),
    code: t.string,
    /** For people, and for the commit message: "bash rpm spec update (abc)". */
    because: t.string,
  },
  'cause',
);
export type Cause = t.TypeOf<typeof Cause>;

/** A trigger claims this artifact: planned build `build` will answer it, once its parents have. */
export const CauseTaken = t.strict(
  {
    type: t.literal('CauseTaken'),
    build: Count,
    cause: Cause,
    /** Artifacts whose rebuild must succeed first. */
    waitsFor: texts,
    at: t.string,
  },
  'CauseTaken',
);

/** The build started without this cause, which goes to the next planned one. */
export const CauseMoved = t.strict(
  { type: t.literal('CauseMoved'), trigger: t.string, from: Count, build: Count },
  'CauseMoved',
);

/** The claim is given up: policy says no by now, or somebody else has built it. */
export const CauseWithdrawn = t.strict(
  {
    type: t.literal('CauseWithdrawn'),
    build: Count,
    trigger: t.string,
    code: t.string,
    explanation: t.string,
  },
  'CauseWithdrawn',
);

/** A build of the parent succeeded that answers the same trigger or began after it. */
export const WaitFulfilled = t.strict(
  {
    type: t.literal('WaitFulfilled'),
    build: Count,
    trigger: t.string,
    parent: t.string,
    parentName: t.string,
    parentBuild: Count,
  },
  'WaitFulfilled',
);

/** The parent will not be had for now; any later success of it ends this. */
export const WaitBlocked = t.strict(
  {
    type: t.literal('WaitBlocked'),
    build: Count,
    trigger: t.string,
    parent: t.string,
    code: t.string,
  },
  'WaitBlocked',
);

/** The parent gave up its own claim: there is nothing to wait for there. */
export const WaitDropped = t.strict(
  {
    type: t.literal('WaitDropped'),
    build: Count,
    trigger: t.string,
    parent: t.string,
    code: t.string,
  },
  'WaitDropped',
);
