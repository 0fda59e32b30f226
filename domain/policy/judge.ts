import { wholly } from './pattern.ts';
import type { Condition, Match, Policy, Rule } from './policy.ts';

/** What rules are asked about: one candidate of one trigger. All values are plain text. */
export type Subject = {
  /** `module`, `image`. */
  readonly kind: string;
  readonly name: string;
  /** Module stream, or dist-git branch of an image. */
  readonly branch: string;
  readonly flow: string;
  /** Kind of the trigger, as the REST API names event types: `GitRPMSpecChangeEvent`. */
  readonly trigger: string;
};

/** What the rules say, and the id of the rule that said so; null when none spoke. */
export type Judgement =
  | { readonly verdict: 'yes'; readonly code: 'allowed'; readonly rule: string }
  /** Not yet: asked again at `until` (ISO). */
  | {
      readonly verdict: 'later';
      readonly code: 'deferred-by-rule';
      readonly rule: string;
      readonly until: string;
    }
  | { readonly verdict: 'no'; readonly code: 'denied-by-rule'; readonly rule: string }
  | { readonly verdict: 'no'; readonly code: 'not-allowed'; readonly rule: null };

type Test = (subject: Subject) => boolean;

/** The keys a match may have, in the order people are shown them. */
export const matchKeys = ['kind', 'name', 'branch', 'flow', 'trigger'] as const;

const someOf = (tests: ReadonlyArray<Test>): Test => {
  return (subject) => tests.some((test) => test(subject));
};

/** Every one of them, and at least one: what says nothing matches nothing. */
const everyOf = (tests: ReadonlyArray<Test>): Test => {
  return (subject) => tests.length > 0 && tests.every((test) => test(subject));
};

const matchTest = (match: Match): Test =>
  everyOf(
    matchKeys.flatMap((key) => {
      const patterns = match[key]?.map(wholly);
      return patterns === undefined
        ? []
        : [(subject: Subject) => patterns.some((matches) => matches(subject[key]))];
    }),
  );

const conditionTest = (condition: Condition): Test => {
  if ('match' in condition) return matchTest(condition.match);
  if ('any' in condition) return someOf(condition.any.map(conditionTest));
  return everyOf(condition.all.map(conditionTest));
};

const prepared = (rules: ReadonlyArray<Rule>, verdict: Rule['verdict']) =>
  rules
    .filter((rule) => rule.verdict === verdict)
    .map((rule) => ({ id: rule.id, matches: conditionTest(rule.when), until: rule.until ?? '' }));

/** Of all that defer it, the rule that does so the longest; none when the time has come. */
const deferral = (
  deferrals: ReturnType<typeof prepared>,
  subject: Subject,
  now: string,
): Judgement | undefined => {
  const [longest] = deferrals
    .filter(({ until, matches }) => until > now && matches(subject))
    .sort((one, other) => (one.until < other.until ? 1 : -1));
  if (longest === undefined) return undefined;
  const { id, until } = longest;
  return { verdict: 'later', code: 'deferred-by-rule', rule: id, until };
};

/** Asks the rules about a candidate at a moment (ISO, UTC, with milliseconds). */
export type Judge = (subject: Subject, now: string) => Judgement;

/**
 * Compiles a policy's rules once, to ask them often. Any deny that matches wins, else a later whose
 * time has not come, else the first allow; else the answer is no: nothing is allowed by default.
 * Throws on a pattern that is no regular expression, which no checked policy holds.
 */
export const prepare = (policy: Policy): Judge => {
  const denials = prepared(policy.rules, 'deny');
  const deferrals = prepared(policy.rules, 'later');
  const allowances = prepared(policy.rules, 'allow');
  return (subject, now) => {
    const denial = denials.find((rule) => rule.matches(subject));
    if (denial !== undefined) return { verdict: 'no', code: 'denied-by-rule', rule: denial.id };
    const deferred = deferral(deferrals, subject, now);
    if (deferred !== undefined) return deferred;
    const allowance = allowances.find((rule) => rule.matches(subject));
    if (allowance !== undefined) return { verdict: 'yes', code: 'allowed', rule: allowance.id };
    return { verdict: 'no', code: 'not-allowed', rule: null };
  };
};
