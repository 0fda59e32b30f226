import * as E from 'fp-ts/lib/Either.js';
import { problem, type Answer } from '../http/reply.ts';
import { STATES, type Row } from './row.ts';

export type Test = (row: Row) => boolean;
type Lookup = (id: number) => Row | undefined;

type Plain = {
  [K in keyof Row]: Row[K] extends string | number | boolean | null ? K : never;
}[keyof Row];

const exact = (field: Plain, values: ReadonlyArray<string>): Test => {
  const wanted = new Set(values);
  return (row) => wanted.has(String(row[field]));
};

const EXACT: Readonly<Record<string, Plain>> = {
  name: 'name',
  stream: 'stream',
  version: 'version',
  context: 'context',
  koji_tag: 'koji_tag',
  owner: 'owner',
  scmurl: 'scmurl',
  rebuild_strategy: 'rebuild_strategy',
  scratch: 'scratch',
  state_reason: 'state_reason',
  build_context: 'build_context',
  runtime_context: 'runtime_context',
  stream_version: 'stream_version',
};

const states = (values: ReadonlyArray<string>): E.Either<Answer, Test> => {
  const wanted = new Set<number>();
  for (const value of values) {
    const named = STATES.findIndex((name) => name === value);
    const number = named >= 0 ? named : Number(value);
    if (value.trim() === '' || STATES[number] === undefined) {
      return E.left(problem(400, `Invalid state was supplied: ${value}`));
    }
    wanted.add(number);
  }
  return E.right(({ state }) => wanted.has(state));
};

const nsvc = (values: ReadonlyArray<string>): Test => {
  const wanted = values.map((value) => value.split(':'));
  return (row) => {
    const own = [row.name, row.stream, row.version, row.context];
    return wanted.some((parts) => parts.every((part, index) => own[index] === part));
  };
};

const holdsRpm = (values: ReadonlyArray<string>): Test => {
  const names = values.map((value) => value.replace(/\.[^.]+\.rpm$|\.rpm$/, ''));
  return ({ components }) => components.some(({ nvr }) => names.includes(nvr));
};

const TIME = /^(submitted|modified|completed)_(before|after)$/;
const FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

const time = (key: string, value: string): E.Either<Answer, Test> | undefined => {
  const [, what, side] = TIME.exec(key) ?? [];
  if (what === undefined) return undefined;
  if (!FORM.test(value)) {
    const message = `An invalid Zulu ISO 8601 timestamp was provided for the "${key}" parameter`;
    return E.left(problem(400, message));
  }
  const field = `time_${what}` as 'time_submitted' | 'time_modified' | 'time_completed';
  return E.right((row) => {
    const own = row[field];
    if (own === null) return false;
    return side === 'before' ? own <= value : own >= value;
  });
};

const BASE = /^base_module_br(?:_(name|stream|version|context|stream_version))?$/;

const base = (key: string, value: string, lookup: Lookup): Test | undefined => {
  const matched = BASE.exec(key);
  if (matched === null) return undefined;
  const fits: Test = matched[1] === undefined ? nsvc([value]) : exact(matched[1] as Plain, [value]);
  return ({ base_modules }) =>
    base_modules.some((id) => {
      const row = lookup(id);
      return row !== undefined && fits(row);
    });
};

const filter = (
  key: string,
  values: ReadonlyArray<string>,
  lookup: Lookup,
): E.Either<Answer, Test> | undefined => {
  const [value = ''] = values;
  const field = EXACT[key];
  if (field !== undefined) return E.right(exact(field, values));
  if (key === 'state') return states(values);
  if (key === 'nsvc') return E.right(nsvc(values));
  if (key === 'rpm') return E.right(holdsRpm(values));
  if (key === 'virtual_stream') return E.right(() => false);
  const test = base(key, value, lookup);
  return test === undefined ? time(key, value) : E.right(test);
};

/** The tests that a query asks for; a name that is no filter is silently ignored, as MBS does. */
export const rowFilters = (
  query: URLSearchParams,
  path: string,
  lookup: Lookup,
): E.Either<Answer, ReadonlyArray<Test>> => {
  const id = query.get('id');
  if (id !== null) {
    const message = `The "id" query option is invalid. Did you mean to go to "${path}${id}"?`;
    return E.left(problem(400, message));
  }
  const tests: Array<Test> = [];
  for (const key of new Set(query.keys())) {
    const found = filter(key, query.getAll(key), lookup);
    if (found === undefined) continue;
    if (E.isLeft(found)) return found;
    tests.push(found.right);
  }
  return E.right(tests);
};
