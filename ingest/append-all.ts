import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../domain/json.ts';
import type { Realm } from '../domain/stream-names.ts';
import type { AppendOutcome, Ingest, NotAppended } from './append-message.ts';
import { appendOrSetAside } from './append-or-set-aside.ts';
import type { Source } from './envelope/source.ts';
import { judge } from './judge.ts';
import { normaliseAnything } from './normal-form.ts';

/** A message as it stands in an answer. */
export type Raw = { readonly raw: Json; readonly source: Source };

/**
 * Puts messages on record side by side, so that they share the log's syncs to disk: no bus promises
 * their order. Right with what became of each; left with the first failure, when all have ended.
 */
export const appendAll = async (
  ingest: Ingest,
  realm: Realm,
  messages: ReadonlyArray<Raw>,
): Promise<E.Either<NotAppended, ReadonlyArray<AppendOutcome>>> => {
  const append = appendOrSetAside(ingest);
  const outcomes = await Promise.all(
    messages.map(({ raw, source }) => {
      const message = normaliseAnything(raw, source, ingest.accepted);
      return append(message, judge(message, ingest.accepted), realm)();
    }),
  );
  return E.sequenceArray(outcomes);
};

/** As `appendAll`, one after another, in order; left with the first failure, and then no further. */
export const appendInOrder = async (
  ingest: Ingest,
  realm: Realm,
  messages: ReadonlyArray<Raw>,
  beat?: () => void,
): Promise<E.Either<NotAppended, undefined>> => {
  for (const one of messages) {
    beat?.();
    const appended = await appendAll(ingest, realm, [one]);
    if (E.isLeft(appended)) return appended;
  }
  return E.right(undefined);
};

type Failure = { readonly code: string; readonly reason?: string };

/** A failure in words. */
export const reasonOf = ({ code, reason }: Failure): string =>
  reason ?? `an append failed: ${code}`;
