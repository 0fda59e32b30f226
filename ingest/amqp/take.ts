import * as E from 'fp-ts/lib/Either.js';
import type { Realm } from '../../domain/stream-names.ts';
import type { AppendOutcome, Ingest } from '../append-message.ts';
import { appendOrSetAside } from '../append-or-set-aside.ts';
import type { Delivery } from './delivery.ts';
import { readDelivery } from './delivery.ts';
import type { Hold } from './hold.ts';

export type TakeDeps = {
  readonly ingest: Ingest;
  readonly realm: Realm;
  readonly hold: Hold;
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
  const { hold, ingest, realm } = deps;
  const { message, judgement } = readDelivery(delivery, ingest.accepted);
  const append = appendOrSetAside(ingest)(message, judgement, realm);
  for (;;) {
    await hold.passed(signal);
    if (signal.aborted) return E.left('given-up');
    const over = hold.attempt();
    const outcome = await append().finally(over);
    if (E.isRight(outcome)) {
      hold.worked();
      return outcome;
    }
    hold.failed(outcome.left);
  }
};
