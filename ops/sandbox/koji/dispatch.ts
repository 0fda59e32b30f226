import * as E from 'fp-ts/lib/Either.js';
import { BUILD_METHODS } from './build-methods.ts';
import { bind, generic, type Answered, type Caller, type MethodDeps } from './method.ts';
import { paged } from './query-options.ts';
import { RPM_METHODS } from './rpm-methods.ts';
import { TAG_METHODS } from './tag-methods.ts';
import { TASK_METHODS } from './task-methods.ts';
import { USER_METHODS } from './user-methods.ts';
import { isList, isStruct, plainText, type Fault, type Struct, type Value } from './value.ts';
import { splitNamed } from './xml-read.ts';

const METHODS = {
  ...{ ...BUILD_METHODS, ...RPM_METHODS, ...TAG_METHODS, ...TASK_METHODS, ...USER_METHODS },
};

type Params = ReadonlyArray<Value>;

const traced = ({ faultCode, faultString }: Fault): Struct => ({
  ...{ faultCode, faultString },
  traceback: ['Traceback (most recent call last):\n', `koji.GenericError: ${faultString}\n`],
});

/** Each call by itself: `[result]`, or a struct that says what went wrong. */
const multiCall = (deps: MethodDeps, calls: Value | undefined, caller: Caller): Answered => {
  if (!isList(calls)) return E.left({ faultCode: 1, faultString: 'calls is not a list' });
  return E.right(
    calls.map((call): Value => {
      const { methodName, params }: Struct = isStruct(call) ? call : {};
      const given = splitNamed(isList(params) ? params : []);
      const name = typeof methodName === 'string' ? methodName : '';
      const answer = dispatch(deps, name, given.params, given.named, caller);
      return E.isRight(answer) ? [answer.right] : traced(answer.left);
    }),
  );
};

/** `[how many rows there are in all, a page of them]` of a method that answers with a list. */
const countAndFilter = (
  deps: MethodDeps,
  [name = null, ...params]: Params,
  { filterOpts = null, ...named }: Struct,
  caller: Caller,
): Answered => {
  const answer = dispatch(deps, plainText(name), params, named, caller);
  if (E.isLeft(answer)) {
    return generic(`method ${plainText(name)} raised an exception (${answer.left.faultString})`);
  }
  if (answer.right === null) return E.right([0, null]);
  if (!isList(answer.right)) return generic(`${plainText(name)}() did not return a list`);
  const rows = answer.right.filter(isStruct);
  return E.right([rows.length, paged(rows, filterOpts)]);
};

/** Carries out one call by its name. */
export const dispatch = (
  deps: MethodDeps,
  name: string,
  params: Params,
  named: Struct,
  caller: Caller,
): Answered => {
  if (name === 'multiCall' || name === 'system.multicall') {
    return multiCall(deps, params[0] ?? named['calls'], caller);
  }
  if (name === 'countAndFilterResults') return countAndFilter(deps, params, named, caller);
  if (name === 'filterResults') {
    const both = countAndFilter(deps, params, named, caller);
    return E.map((pair: Value) => (isList(pair) ? (pair[1] ?? null) : null))(both);
  }
  const known = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (known === undefined) return generic(`Invalid method: ${name}`);
  const args = bind(known, params, named);
  return E.isLeft(args) ? args : known.run(deps, args.right, caller);
};
