import * as E from 'fp-ts/lib/Either.js';
import type { Book } from './book.ts';
import type { Sessions, Session } from './sessions.ts';
import type { TaskEngine } from './task-engine.ts';
import { fault, type Fault, type Struct, type Value } from './value.ts';

/** What every method may use. */
export type MethodDeps = {
  readonly book: Book;
  readonly engine: TaskEngine;
  readonly sessions: Sessions;
  /** Platforms that build targets exist for. */
  readonly releases: ReadonlyArray<string>;
  readonly tagBuild: (tag: string, nvr: string) => boolean;
};

/** Who calls; the session is undefined for a call without login. */
export type Caller = { readonly session: Session | undefined };

export type Answered = E.Either<Fault, Value>;

export type Method = {
  /** Names of its parameters; those from `required` on may be left out. */
  readonly params: ReadonlyArray<string>;
  readonly required: number;
  /** The function's name in Koji's sources, for its complaints. */
  readonly python: string;
  readonly run: (deps: MethodDeps, args: Struct, caller: Caller) => Answered;
};

export const method = (
  python: string,
  required: number,
  params: ReadonlyArray<string>,
  run: Method['run'],
): Method => ({ python, required, params, run });

export const generic = (text: string): E.Either<Fault, never> => E.left(fault(1000, text));

/** As Python writes a value: strings in single quotes. */
export const repr = (value: Value | undefined): string => {
  if (value == null) return 'None';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
};

const quoted = (names: ReadonlyArray<string>): string => {
  const all = names.map((name) => `'${name}'`);
  const [last = '', ...rest] = all.toReversed();
  if (rest.length === 0) return last;
  const before = rest.toReversed().join(', ');
  return rest.length === 1 ? `${before} and ${last}` : `${before}, and ${last}`;
};

const missing = (python: string, names: ReadonlyArray<string>): string =>
  `${python}() missing ${names.length} required positional argument${names.length > 1 ? 's' : ''}: ` +
  quoted(names);

/** Puts positional and named parameters in their places; 1019 says what is wrong with them. */
export const bind = (
  { params, required, python }: Method,
  given: ReadonlyArray<Value>,
  named: Struct,
): E.Either<Fault, Struct> => {
  const wrong = (text: string): E.Either<Fault, Struct> => E.left(fault(1019, text));
  if (given.length > params.length) {
    const range =
      required === params.length ? `${required}` : `from ${required} to ${params.length}`;
    return wrong(`${python}() takes ${range} positional arguments but ${given.length} were given`);
  }
  for (const name of Object.keys(named)) {
    const at = params.indexOf(name);
    if (at < 0) return wrong(`${python}() got an unexpected keyword argument '${name}'`);
    if (at < given.length) return wrong(`${python}() got multiple values for argument '${name}'`);
  }
  const positional = given.map((value, index) => [params[index] ?? '', value] as const);
  const args: Struct = { ...Object.fromEntries(positional), ...named };
  const absent = params.slice(0, required).filter((name) => !(name in args));
  return absent.length > 0 ? wrong(missing(python, absent)) : E.right(args);
};
