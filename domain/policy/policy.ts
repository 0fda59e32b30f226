import * as t from 'io-ts';
import { Count } from '../codec.ts';

/** What a rule may ask of a candidate. A value is a regular expression that must match all of it. */
export type Match = {
  readonly kind?: ReadonlyArray<string>;
  readonly name?: ReadonlyArray<string>;
  readonly branch?: ReadonlyArray<string>;
  readonly flow?: ReadonlyArray<string>;
  readonly trigger?: ReadonlyArray<string>;
};
export type Condition =
  | { readonly any: ReadonlyArray<Condition> }
  | { readonly all: ReadonlyArray<Condition> }
  | { readonly match: Match };

const Patterns = t.readonlyArray(t.string, 'list of patterns');
const MatchCodec: t.Type<Match> = t.exact(
  t.partial({
    kind: Patterns,
    name: Patterns,
    branch: Patterns,
    flow: Patterns,
    trigger: Patterns,
  }),
  'match',
);

const Condition: t.Type<Condition> = t.recursion('condition', () =>
  t.union([
    t.strict({ any: t.readonlyArray(Condition) }),
    t.strict({ all: t.readonlyArray(Condition) }),
    t.strict({ match: MatchCodec }),
  ]),
);

/**
 * One rule. Any deny that matches wins over every other rule, a later over every allow until its
 * time has come; nothing is allowed by default.
 */
const Rule = t.exact(
  t.intersection([
    t.type({
      id: t.string,
      verdict: t.union([t.literal('allow'), t.literal('deny'), t.literal('later')]),
      when: Condition,
    }),
    /** Of a later: ISO, UTC, with milliseconds. */
    t.partial({ until: t.string }),
  ]),
  'rule',
);

/** Versioned rules: what may be rebuilt, when, how often. Times are whole seconds. */
export const Policy = t.strict(
  {
    rules: t.readonlyArray(Rule),
    /** How long a planned build waits for more causes. */
    quietWindow: Count,
    /** After this long a planned build starts with the causes that are ready. */
    longestWait: Count,
    /** A trigger whose message is older than this is declined as `too-old`. */
    oldestTrigger: Count,
    /** Further tries after the first: of a submission that failed, of a build that failed. */
    retries: t.strict({ submission: Count, build: Count, backOff: Count }),
    /** Which of dist-git's two publishers counts, and how long its twin waits for it. */
    pushes: t.strict({
      authoritative: t.union([t.literal('git.receive'), t.literal('pagure.git.receive')]),
      coverWindow: Count,
    }),
  },
  'policy',
);
export type Policy = t.TypeOf<typeof Policy>;
export type Rule = Policy['rules'][number];
