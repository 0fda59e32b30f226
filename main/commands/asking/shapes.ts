import * as t from 'io-ts';
import { Count, JsonRecord, textOrNull, texts } from '../../../domain/codec.ts';

// What is read of the API's answers; keys beside these are let through as they came.

export const Problem = t.type({ error: t.string, message: t.string, status: Count }, 'problem');

const countOrNull = t.union([Count, t.null], 'whole number or null');
const counts = t.readonlyArray(Count, 'list of whole numbers');

export const Build = t.type(
  {
    build_args: JsonRecord,
    build_id: t.union([t.number, t.null]),
    dep_on: textOrNull,
    dep_on_id: countOrNull,
    event_id: Count,
    id: Count,
    name: t.string,
    odcs_composes: counts,
    original_nvr: textOrNull,
    rebuild_reason: t.string,
    rebuilt_nvr: textOrNull,
    state: Count,
    state_name: t.string,
    state_reason: textOrNull,
    time_completed: textOrNull,
    time_submitted: t.string,
    type_name: t.string,
  },
  'build',
);
export type Build = t.TypeOf<typeof Build>;

export const Attempts = t.type(
  {
    artifact: textOrNull,
    branch: textOrNull,
    dry_run: t.boolean,
    event_ids: counts,
    id: Count,
    items: t.readonlyArray(
      t.type({
        attempt: Count,
        commit: textOrNull,
        external_ids: t.readonlyArray(t.number),
        outcome: textOrNull,
        reason: textOrNull,
      }),
    ),
  },
  'attempts',
);
export type Attempts = t.TypeOf<typeof Attempts>;

const event = {
  dry_run: t.union([t.boolean, t.null]),
  event_type_id: Count,
  id: Count,
  message_id: t.string,
  search_key: t.string,
  state: Count,
  state_name: t.string,
  state_reason: textOrNull,
  time_created: textOrNull,
  time_done: textOrNull,
};

export const Event = t.type({ ...event, builds_summary: t.record(t.string, Count) }, 'event');
export type Event = t.TypeOf<typeof Event>;
export const FullEvent = t.type({ ...event, builds: t.readonlyArray(Build) }, 'event');
export type FullEvent = t.TypeOf<typeof FullEvent>;

export const Decision = t.type(
  {
    artifact: t.string,
    code: t.string,
    decided_at: t.string,
    depth: Count,
    event_id: Count,
    evidence: JsonRecord,
    policy_version: t.string,
    reason: t.string,
    recorded_in: t.string,
    revision: Count,
    rule: textOrNull,
    verdict: t.string,
    waits_for: texts,
  },
  'decision',
);
export type Decision = t.TypeOf<typeof Decision>;

export const Message = t.type(
  {
    kind: textOrNull,
    message_id: t.string,
    observed_at: t.string,
    prefix: t.string,
    recorded_in: t.string,
    rehearsal: t.boolean,
    sent_at: textOrNull,
    topic: t.string,
    transport: t.string,
  },
  'message',
);
export type Message = t.TypeOf<typeof Message>;

export const Module = t.type(
  {
    artifact: t.string,
    build_requires: texts,
    commit: textOrNull,
    holds: texts,
    name: t.string,
    stream: t.string,
    version: t.string,
  },
  'module',
);
export type Module = t.TypeOf<typeof Module>;

/** A page of a list. */
export const pageOf = <A>(item: t.Type<A, unknown>) =>
  t.type({
    items: t.readonlyArray(item),
    meta: t.type({ page: Count, pages: Count, total: Count }),
  });

/** One page of a list, and where it stands in it. */
export type PageOf<A> = {
  readonly items: ReadonlyArray<A>;
  readonly meta: { readonly page: number; readonly pages: number; readonly total: number };
};
