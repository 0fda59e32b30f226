import * as E from 'fp-ts/lib/Either.js';
import { isMap, isSeq } from 'yaml';
import { matchKeys } from '../../domain/policy/judge.ts';
import type { Condition, Match, Rule } from '../../domain/policy/policy.ts';
import type { Checked, Place, Reader } from './shapes.ts';
import { at, collect, faulty, has, listOf, strangers, wanted } from './shapes.ts';
import { moment, patterns, ruleId } from './values.ts';

const conditionKeys = [...matchKeys, 'any', 'all'];
const choices = `write any of ${matchKeys.join(', ')}, or any: or all: with a list of such`;

const readMatch = (place: Place): Checked<ReadonlyArray<Condition>> => {
  const given = matchKeys.filter((key) => has(place, key));
  const read = collect(
    given.map((key) => {
      const values = patterns(key)(at(place, key));
      return E.isLeft(values) ? values : E.right([key, values.right] as const);
    }),
  );
  if (E.isLeft(read)) return read;
  const match = Object.fromEntries(read.right) as Match;
  return E.right(given.length === 0 ? [] : [{ match }]);
};

const readList = (place: Place, key: 'any' | 'all'): Checked<ReadonlyArray<Condition>> => {
  if (!has(place, key)) return E.right([]);
  const where = at(place, key);
  if (isSeq(where.node) && where.node.items.length === 0) {
    return faulty(where, `is an empty list; list at least one condition under ${key}:`);
  }
  const read = listOf(condition, `list conditions under ${key}:, one per dash`)(where);
  if (E.isLeft(read)) return read;
  return E.right([key === 'any' ? { any: read.right } : { all: read.right }]);
};

/** Keys of one map are ANDed, however they are ordered. */
const condition: Reader<Condition> = (place) => {
  if (!isMap(place.node)) return wanted(place, choices);
  const parts = [readMatch(place), readList(place, 'any'), readList(place, 'all')];
  const read = collect([...strangers(place, conditionKeys), ...parts]);
  if (E.isLeft(read)) return read;
  const [first, ...more] = read.right.flat();
  if (first === undefined) return faulty(place, `names nothing to match; ${choices}`);
  return E.right(more.length === 0 ? first : { all: [first, ...more] });
};

const verdictKeys = ['allow', 'deny', 'later'] as const;

const readVerdict = (place: Place): Checked<Pick<Rule, 'verdict' | 'when'>> => {
  const verdicts = verdictKeys.filter((key) => has(place, key));
  const [verdict, second] = verdicts;
  if (verdict === undefined)
    return faulty(place, 'says neither allow: nor deny: nor later:; write one of them');
  if (second !== undefined) {
    return faulty(at(place, second), `stands beside ${verdict}:; write two rules, one for each`);
  }
  const when = condition(at(place, verdict));
  return E.isLeft(when) ? when : E.right({ verdict, when: when.right });
};

/** A later needs to know until when, and nothing else does. */
const readUntil = (place: Place): Checked<Pick<Rule, 'until'>> => {
  const where = at(place, 'until');
  if (!has(place, 'later')) {
    if (!has(place, 'until')) return E.right({});
    return faulty(where, 'belongs to later:; an allow or deny holds until the policy changes');
  }
  const until = moment(where);
  return E.isLeft(until) ? until : E.right({ until: until.right });
};

/** One rule: its id, and under `allow`, `deny` or `later` (with `until`) what it matches. */
export const rule: Reader<Rule> = (place) => {
  if (!isMap(place.node)) return wanted(place, 'write a rule: id:, and allow:, deny: or later:');
  const id = ruleId(at(place, 'id'));
  const [verdict, until] = [readVerdict(place), readUntil(place)];
  const keys = ['id', ...verdictKeys, 'until'];
  const known = collect<unknown>([...strangers(place, keys), id, verdict, until]);
  if (E.isLeft(known)) return known;
  if (E.isLeft(id)) return id;
  if (E.isLeft(verdict)) return verdict;
  return E.isLeft(until) ? until : E.right({ id: id.right, ...verdict.right, ...until.right });
};
