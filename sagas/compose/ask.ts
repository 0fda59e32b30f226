import * as E from 'fp-ts/lib/Either.js';
import type { Compose, OdcsFailure } from '../../clients/odcs/port.ts';
import type { WantedCompose } from '../../domain/compose/events.ts';
import type { Intent, Live } from '../../domain/compose/state.ts';
import type { ComposeDeps } from './deps.ts';
import type { Work } from './tell.ts';

/** One call that is intended and has no outcome yet. */
export type Call = Work & {
  readonly order: WantedCompose;
  readonly live: Live;
  readonly intent: Intent;
};

type Asked = Promise<E.Either<OdcsFailure, Compose | undefined>>;

const done = 2;

const livesLonger = (call: Call, { expiresAt }: Compose): boolean => {
  const { ready } = call.state;
  if (expiresAt === null || ready?.expiresAt == null) return false;
  return Date.parse(expiresAt) > Date.parse(ready.expiresAt);
};

const findNew = ({ odcs }: ComposeDeps, { order, intent }: Call): Asked =>
  odcs.find(order, intent.newestId)();

/** A compose that is done is renewed under its own id; only one that is gone is made anew. */
const askRenewed = async (deps: ComposeDeps, call: Call, id: number): Asked => {
  const old = await deps.odcs.get(id)();
  if (E.isLeft(old)) return old.left.code === 'odcs-missing' ? findNew(deps, call) : old;
  if (old.right.state !== done) return findNew(deps, call);
  return E.right(livesLonger(call, old.right) ? old.right : undefined);
};

/** Asks ODCS whether the call was carried out, and what it brought. */
export const askOutcome = (deps: ComposeDeps, call: Call): Asked =>
  call.live.renews === null ? findNew(deps, call) : askRenewed(deps, call, call.live.renews);

/** The call itself: a compose, or a longer life of one. */
export const request = ({ odcs }: ComposeDeps, { order, live }: Call) =>
  live.renews === null ? odcs.create(order)() : odcs.renew(live.renews, order.secondsToLive)();
