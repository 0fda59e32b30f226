import * as E from 'fp-ts/lib/Either.js';
import type { Compose, Odcs } from '../../clients/odcs/port.ts';
import type { ComposeState } from '../../domain/compose/state.ts';
import type { Hindrance } from '../act.ts';
import { again } from '../act.ts';
import type { ComposeDeps } from './deps.ts';
import type { Step, Work } from './tell.ts';
import { retryAt, tell, tellOn } from './tell.ts';

const done = 2;

type Seen = Pick<Compose, 'state' | 'stateName' | 'stateReason'> & {
  readonly compose: Compose | undefined;
};

/** A compose ODCS does not know any more is gone, as one that was removed. */
const gone: Seen = {
  ...{ state: 3, stateName: 'gone', stateReason: 'ODCS no longer has this compose.' },
  compose: undefined,
};

/** What ODCS says of a compose now. */
export const look = async (
  { odcs }: { readonly odcs: Pick<Odcs, 'get'> },
  composeId: number,
): Promise<E.Either<Hindrance, Seen>> => {
  const compose = await odcs.get(composeId)();
  if (E.isRight(compose)) return E.right({ ...compose.right, compose: compose.right });
  return compose.left.code === 'odcs-missing' ? E.right(gone) : compose;
};

/** Records what was seen, where it is news. */
export const observe = async (
  deps: ComposeDeps,
  work: Work,
  composeId: number,
  { state, stateName, stateReason }: Seen,
): Promise<E.Either<Hindrance, ComposeState>> => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { policy } = inForce.right;
  const { failedComposes, expiries } = work.state;
  return tell(deps, work, {
    ...{ type: 'ObserveCompose', composeId, state, stateName, stateReason, via: 'poll' },
    retries: policy.retries.build,
    retryAt: retryAt(deps, policy, failedComposes + expiries),
    at: deps.hand.now(),
  });
};

/** ODCS names the repo file from the first; it is there only after the compose is done. */
const noteReady = async (
  deps: ComposeDeps,
  work: Work,
  { id: composeId, resultRepofile, expiresAt }: Compose,
): Step => {
  const exists =
    resultRepofile === null ? E.right(true) : await deps.odcs.repofileExists(resultRepofile)();
  if (E.isLeft(exists)) return exists;
  if (!exists.right) return E.right({ after: deps.settings.pollEvery });
  return tellOn(deps, work, {
    ...{ type: 'NoteReady', composeId, repofile: resultRepofile, expiresAt },
    at: deps.hand.now(),
  });
};

/** Asks ODCS how far the compose is, until it can be used or has come to nothing. */
export const follow = async (deps: ComposeDeps, work: Work, composeId: number): Step => {
  const seen = await look(deps, composeId);
  if (E.isLeft(seen)) return seen;
  const told = await observe(deps, work, composeId, seen.right);
  if (E.isLeft(told)) return told;
  const { compose } = seen.right;
  if (told.right.live?.composeId !== composeId) return E.right(again);
  if (compose?.state === done) return noteReady(deps, work, compose);
  return E.right({ after: deps.settings.pollEvery });
};
