import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import { secondsFrom } from '../act.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { contextOf } from './deps.ts';

type Row = {
  readonly externalId: number;
  readonly state: number;
  readonly stateName: string;
  readonly stateReason: string | null;
};

/** A message tells how far a build of ours is that runs elsewhere. */
export const observeBuild = async (
  { hand, cache, policy }: NoticeDeps,
  understood: Understood,
  stream: string,
  row: Row,
): Promise<Done> => {
  const inForce = await policy();
  if (E.isLeft(inForce)) return inForce;
  const at = hand.now();
  const { build: retries, backOff } = inForce.right.policy.retries;
  const observed = await carryOut(hand, cache)(stream, artifact, contextOf(understood), {
    ...{ type: 'ObserveState', ...row },
    ...{ via: 'message', retries, retryAt: secondsFrom(at, backOff), at },
  });
  return E.map(() => undefined)(observed);
};
