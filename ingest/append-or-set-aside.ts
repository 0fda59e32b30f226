import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Realm } from '../domain/stream-names.ts';
import type { AppendOutcome, Ingest, NotAppended } from './append-message.ts';
import { appendJudged } from './append-message.ts';
import type { Judgement } from './judge.ts';
import type { NormalForm } from './normal-form.ts';
import { setAside } from './set-aside.ts';

/** Whether the log would refuse it for ever. */
export const isForGood = ({ code }: NotAppended): boolean =>
  code === 'too-large' || code === 'bad-append';

/**
 * As `appendJudged`, for a live source, which must not stop at one message: where the log refuses for
 * good what a message says, the message is on record as set aside, with its body. What it says to us
 * is the only part of it without a bound.
 */
export const appendOrSetAside =
  (ingest: Ingest) =>
  (
    message: NormalForm,
    judgement: Judgement,
    realm: Realm,
  ): TaskEither<NotAppended, AppendOutcome> =>
  async () => {
    const append = appendJudged(ingest);
    const outcome = await append(message, judgement, realm)();
    if (E.isRight(outcome) || !isForGood(outcome.left)) return outcome;
    const why = `the log does not take what it says (${outcome.left.code}); its body is kept`;
    return append(message, E.left(setAside('unreadable-message', why)), realm)();
  };
