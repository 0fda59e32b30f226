import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { decode } from '../../domain/codec.ts';
import { ofFault, unreadable } from './failure.ts';
import type { Read } from './hub.ts';
import type { KojiFailure } from './port.ts';
import type { XmlRpcValue } from './xml-rpc/value.ts';

export type Result<A> = Promise<E.Either<KojiFailure, A>>;

/** A value of the hub held to its shape. */
export const shaped =
  <A>(codec: t.Decoder<unknown, A>, asked: string) =>
  (value: XmlRpcValue): E.Either<KojiFailure, A> => {
    const decoded = decode(codec)(value);
    if (E.isRight(decoded)) return decoded;
    return E.left(unreadable('reading', asked, decoded.left.reasons.slice(0, 3).join('; ')));
  };

/** Asks, and holds the answer to its shape. */
export const readAs =
  (read: Read) =>
  async <A>(
    codec: t.Decoder<unknown, A>,
    method: string,
    params: ReadonlyArray<XmlRpcValue>,
  ): Result<A> =>
    E.chain(shaped(codec, method))(await read(method, params));

export type SubCall = { readonly methodName: string; readonly params: ReadonlyArray<XmlRpcValue> };

/** One call of several: each has its own answer, or its own failure. */
export type SubAnswer = E.Either<KojiFailure, XmlRpcValue>;

const Fault = t.type({ faultCode: t.number, faultString: t.string }, 'fault');

const subAnswerOf = (call: SubCall, entry: XmlRpcValue): SubAnswer => {
  if (Array.isArray(entry) && entry.length === 1) return E.right(entry[0] as XmlRpcValue);
  const fault = decode(Fault)(entry);
  if (E.isLeft(fault)) {
    return E.left(unreadable('reading', call.methodName, 'neither a list of one nor a fault'));
  }
  const { faultCode: code, faultString: text } = fault.right;
  return E.left(ofFault(call.methodName, { code, text }));
};

const atOnce = async (
  read: Read,
  calls: ReadonlyArray<SubCall>,
): Result<ReadonlyArray<SubAnswer>> => {
  const answer = await read('multiCall', [calls.map((call) => ({ ...call }))]);
  if (E.isLeft(answer)) return answer;
  const entries = answer.right;
  if (!Array.isArray(entries) || entries.length !== calls.length) {
    const found = Array.isArray(entries) ? `a list of ${entries.length}` : 'no list';
    return E.left(unreadable('reading', 'multiCall', `${found} answers ${calls.length} calls`));
  }
  return E.right(calls.map((call, at) => subAnswerOf(call, entries[at] as XmlRpcValue)));
};

/** An answer nobody can read is asked for in halves, so that one bad entry does not hide the others. */
const inHalves = async (
  read: Read,
  calls: ReadonlyArray<SubCall>,
): Result<ReadonlyArray<SubAnswer>> => {
  const answers = await atOnce(read, calls);
  if (E.isRight(answers) || answers.left.code !== 'koji-unreadable') return answers;
  if (calls.length === 1) return E.right([answers]);
  const half = Math.ceil(calls.length / 2);
  const first = await inHalves(read, calls.slice(0, half));
  if (E.isLeft(first)) return first;
  const second = await inHalves(read, calls.slice(half));
  return E.map((more: ReadonlyArray<SubAnswer>) => [...first.right, ...more])(second);
};

/** Of a sub-call that passes by itself nothing may be concluded: all of it is to be asked again. */
const isPassing = (answer: SubAnswer): answer is E.Left<KojiFailure> =>
  E.isLeft(answer) && answer.left.code === 'koji-unavailable';

/** Calls in their order by multiCall, at most `most` in one. Fails when a part cannot be asked now. */
export const multiCall = async (
  read: Read,
  calls: ReadonlyArray<SubCall>,
  most: number,
): Result<ReadonlyArray<SubAnswer>> => {
  const answers: Array<SubAnswer> = [];
  for (let from = 0; from < calls.length; from += most) {
    const part = await inHalves(read, calls.slice(from, from + most));
    if (E.isLeft(part)) return part;
    const passing = part.right.find(isPassing);
    if (passing !== undefined) return passing;
    answers.push(...part.right);
  }
  return E.right(answers);
};
