import { matchKeys } from '../../domain/policy/judge.ts';
import type { VersionedPolicy } from '../../domain/policy/current.ts';
import type { Condition, Match, Rule } from '../../domain/policy/policy.ts';

const units = [
  { name: 'week', seconds: 604_800 },
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3600 },
  { name: 'minute', seconds: 60 },
] as const;

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

/** Whole seconds in the largest unit that says them exactly: `90 seconds`, `6 hours`, `1 week`. */
export const lengthInWords = (seconds: number): string => {
  const unit = units.find((candidate) => seconds > 0 && seconds % candidate.seconds === 0);
  if (unit === undefined) return counted(seconds, 'second');
  return counted(seconds / unit.seconds, unit.name);
};

const matchInWords = (match: Match): string =>
  matchKeys
    .flatMap((key) => {
      const patterns = match[key];
      return patterns === undefined ? [] : [`${key} ${patterns.join(' or ')}`];
    })
    .join(', ');

const conditionInWords = (condition: Condition): string => {
  if ('match' in condition) return matchInWords(condition.match);
  if ('any' in condition) return `(${condition.any.map(conditionInWords).join('; or ')})`;
  return `(${condition.all.map(conditionInWords).join('; and ')})`;
};

const ruleInWords = ({ id, verdict, when, until }: Rule): string => {
  const till = until === undefined ? '' : ` until ${until.replace(/(?::00)?\.000Z$/u, 'Z')}`;
  return `  ${verdict.padEnd(5)}  ${id}: ${conditionInWords(when)}${till}\n`;
};

const closing = (rules: ReadonlyArray<Rule>): string => {
  if (rules.length === 0)
    return 'Nothing is allowed: every candidate will be declined as not-allowed.\n';
  const hasLater = rules.some(({ verdict }) => verdict === 'later');
  const later = hasLater ? ', a later over every allow until its time has come' : '';
  return `What no rule allows is declined as not-allowed; a deny wins over every allow${later}.\n`;
};

/** A policy as a person would tell it: rules first, then times, in whole sentences. */
export const policyInWords = ({ version, policy }: VersionedPolicy): string => {
  const { rules, retries, pushes } = policy;
  return [
    `Version ${version}, ${counted(rules.length, 'rule')}.\n`,
    ...rules.map(ruleInWords),
    closing(rules),
    `A planned build waits ${lengthInWords(policy.quietWindow)} for more causes,`,
    ` and ${lengthInWords(policy.longestWait)} at most for what its causes wait for.\n`,
    `Triggers older than ${lengthInWords(policy.oldestTrigger)} are declined.\n`,
    `A submission is tried again ${counted(retries.submission, 'time')}, a failed build`,
    ` ${counted(retries.build, 'time')}, the first pause being ${lengthInWords(retries.backOff)}.\n`,
    `Pushes count as ${pushes.authoritative} tells them; the other announcement waits`,
    ` ${lengthInWords(pushes.coverWindow)} for its twin.\n`,
  ].join('');
};
