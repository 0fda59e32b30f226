import * as E from 'fp-ts/lib/Either.js';
import { compose } from '../../domain/compose/compose.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import { secondsFrom } from '../act.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { contextOf } from './deps.ts';

type ComposeReading = Extract<Reading, { readonly kind: 'ODCSComposeStateChangeEvent' }>;

/** A compose of ours moved on; one that the index does not know (yet) is left to polling. */
export const observeCompose = async (
  { hand, cache, policy, findCompose }: NoticeDeps,
  understood: Understood,
  { composeId, state, stateName, stateReason }: ComposeReading,
): Promise<Done> => {
  const stream = await findCompose(composeId)();
  if (E.isLeft(stream)) return stream;
  if (stream.right === undefined) return E.right(undefined);
  const inForce = await policy();
  if (E.isLeft(inForce)) return inForce;
  const at = hand.now();
  const { build: retries, backOff } = inForce.right.policy.retries;
  const observed = await carryOut(hand, cache)(stream.right, compose, contextOf(understood), {
    ...{ type: 'ObserveCompose', composeId, state, stateName, stateReason, via: 'message' },
    ...{ retries, retryAt: secondsFrom(at, backOff), at },
  });
  return E.map(() => undefined)(observed);
};
