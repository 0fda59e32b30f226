import * as E from 'fp-ts/lib/Either.js';
import type { Realm } from '../../domain/stream-names.ts';
import type { AppendOutcome, Ingest, NotAppended } from '../append-message.ts';
import { appendJudged } from '../append-message.ts';
import { setAside } from '../set-aside.ts';
import type { Delivery, Taken } from './delivery.ts';
import { readDelivery } from './delivery.ts';
import type { Hold } from './hold.ts';

export type TakeDeps = {
  readonly ingest: Ingest;
  readonly realm: Realm;
  readonly hold: Hold;
};

// These never get better by trying again; what a message says to us is the only part without a bound.
const isForGood = ({ code }: NotAppended): boolean => code === 'too-large' || code === 'bad-append';

const appended = async (
  { ingest, realm }: TakeDeps,
  { message, judgement }: Taken,
): Promise<E.Either<NotAppended, AppendOutcome>> => {
  const append = appendJudged(ingest);
  const outcome = await append(message, judgement, realm)();
  if (E.isRight(outcome) || !isForGood(outcome.left)) return outcome;
  const why = `the log does not take what it says (${outcome.left.code}); its body is kept`;
  return append(message, E.left(setAside('unreadable-message', why)), realm)();
};

/**
 * Puts a delivery on record, and tries until that is durable: right then, left when the signal came
 * before.
 */
export const takeDelivery = async (
  deps: TakeDeps,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<E.Either<'given-up', AppendOutcome>> => {
  const { hold, ingest } = deps;
  const taken = readDelivery(delivery, ingest.accepted);
  for (;;) {
    await hold.passed(signal);
    if (signal.aborted) return E.left('given-up');
    const outcome = await appended(deps, taken);
    if (E.isRight(outcome)) {
      hold.worked();
      return outcome;
    }
    hold.failed(outcome.left);
  }
};
