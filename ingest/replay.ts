import * as E from 'fp-ts/lib/Either.js';
import type { Reading } from '../domain/trigger/reading.ts';
import type { Realm } from '../domain/stream-names.ts';
import type { AppendOutcome, Ingest, NotAppended } from './append-message.ts';
import { appendJudged } from './append-message.ts';
import type { Item } from './files/read-inputs.ts';
import type { Judgement } from './judge.ts';
import { judge } from './judge.ts';
import type { NormalForm } from './normal-form.ts';
import { normalise } from './normal-form.ts';

type Place = { readonly file: string; readonly line: number };
type Known = Place & Pick<NormalForm, 'messageId' | 'topic' | 'prefix'>;

/** What became of one thing in the inputs. */
export type Replayed =
  | (Known & { readonly verdict: 'understood'; readonly reading: Reading })
  | (Known & {
      readonly verdict: 'set-aside';
      readonly code: string;
      readonly explanation: string;
      /** The body is on record byte by byte, but is no text. */
      readonly isGarbled: boolean;
    })
  | (Known & { readonly verdict: 'seen-before' })
  | (Place & { readonly verdict: 'unreadable'; readonly code: string; readonly reason: string });

type Result = E.Either<NotAppended, Replayed>;

const inFlight = 64;
const charactersInFlight = 32 * 1024 * 1024;

const verdictOn = (known: Known, judgement: Judgement, isGarbled: boolean): Replayed =>
  E.isRight(judgement)
    ? { ...known, verdict: 'understood', reading: judgement.right }
    : { ...known, verdict: 'set-aside', ...judgement.left, isGarbled };

const append = (
  ingest: Ingest,
  realm: Realm,
): ((place: Place, message: NormalForm) => Promise<Result>) => {
  // Copies of one message keep their order; the first that is on record makes the rest seen before.
  const busy = new Map<string, Promise<unknown>>();
  return (place, message) => {
    const { key, messageId, topic, prefix, bodyEncoding } = message;
    const judgement = judge(message, ingest.accepted);
    const answered = (outcome: AppendOutcome): Replayed => {
      const known = { ...place, messageId, topic, prefix };
      if (outcome === 'seen-before') return { ...known, verdict: 'seen-before' };
      return verdictOn(known, judgement, bodyEncoding === 'base64');
    };
    const appendThis = appendJudged(ingest)(message, judgement, realm);
    const before = busy.get(key);
    const result = (before === undefined ? appendThis() : before.then(appendThis)).then(
      E.map(answered),
    );
    busy.set(key, result);
    const done = (): void => {
      if (busy.get(key) === result) busy.delete(key);
    };
    return result.finally(done);
  };
};

const unreadable = (place: Place, code: string, reason: string): Promise<Result> =>
  Promise.resolve(E.right({ ...place, verdict: 'unreadable', code, reason }));

const sizeOf = ({ found }: Item): number => (found.kind === 'json' ? found.source.text.length : 0);

/**
 * Puts everything found in the inputs on record, many at a time, and tells what became of each in the
 * order of the inputs. The first left is the last: the log could not be written, and the rest of the
 * inputs was not read. Replaying again is harmless.
 */
export async function* replay(
  ingest: Ingest,
  realm: Realm,
  items: AsyncIterable<Item>,
): AsyncGenerator<Result, void, undefined> {
  const put = append(ingest, realm);
  const begin = ({ file, line, found }: Item): Promise<Result> => {
    if (found.kind === 'fault') return unreadable({ file, line }, 'not-json', found.reason);
    const message = normalise(found.raw, found.source, ingest.accepted);
    return E.isLeft(message)
      ? unreadable({ file, line }, message.left.code, message.left.reason)
      : put({ file, line }, message.right);
  };
  const window: Array<{ readonly size: number; readonly result: Promise<Result> }> = [];
  let characters = 0;
  const oldest = async (): Promise<Result | undefined> => {
    const first = window.shift();
    characters -= first?.size ?? 0;
    return first?.result;
  };
  try {
    for await (const item of items) {
      const size = sizeOf(item);
      window.push({ size, result: begin(item) });
      characters += size;
      while (window.length >= inFlight || characters > charactersInFlight) {
        const result = await oldest();
        if (result === undefined) break;
        yield result;
        if (E.isLeft(result)) return;
      }
    }
    for (let result = await oldest(); result !== undefined; result = await oldest()) {
      yield result;
      if (E.isLeft(result)) return;
    }
  } finally {
    await Promise.allSettled(window.map(({ result }) => result));
  }
}
