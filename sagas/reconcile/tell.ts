import * as E from 'fp-ts/lib/Either.js';
import { reconcileStream } from '../../domain/reconcile/events.ts';
import type { ReconcileCommand } from '../../domain/reconcile/reconcile.ts';
import type { ReconcileState } from '../../domain/reconcile/state.ts';
import { reconcile } from '../../domain/reconcile/reconcile.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { ReconcileDeps } from './deps.ts';

type Deps = Pick<ReconcileDeps, 'hand' | 'cache' | 'realm'>;

type Told = Promise<E.Either<Hindrance, ReconcileState>>;

/** Carries a command out on the stream of reconciles; the state after it. */
export const tell = async ({ hand, cache, realm }: Deps, command: ReconcileCommand): Told => {
  const context = { correlationId: `reconcile-${command.run}` };
  const told = await carryOut(hand, cache)(reconcileStream(realm), reconcile, context, command);
  return E.map(({ state }: { readonly state: ReconcileState }) => state)(told);
};

/** What is on record of reconciles. */
export const recordOf = async ({ hand, cache, realm }: Deps): Told => {
  const loaded = await loadStream(hand.log, cache)(reconcileStream(realm), reconcile);
  return E.map(({ state }: { readonly state: ReconcileState }) => state)(loaded);
};
