import * as E from 'fp-ts/lib/Either.js';
import type { ReconcileState, Run } from '../../domain/reconcile/state.ts';
import type { Hindrance } from '../act.ts';
import type { ReconcileDeps } from './deps.ts';
import { dueAt } from './due.ts';
import { recordOf, tell } from './tell.ts';

/** A run that is ours to do, or how long to wait (ms), and whose run is waited for, if anybody's. */
export type Claim =
  | { readonly type: 'ours'; readonly run: Run; readonly marks: ReconcileState['marks'] }
  | { readonly type: 'wait'; readonly after: number; readonly for: Run | null };

/** What this process has seen of a run of others: since when it has been silent, by our own clock. */
export type Watch = { seen: { readonly of: string; readonly since: number } | null };

/** When a run is wanted: now, or once it is due. */
export type Wanted =
  { readonly why: 'order' } | { readonly why: 'schedule'; readonly every: number };

type Claimed = Promise<E.Either<Hindrance, Claim>>;

const oursIn = ({ owner }: ReconcileDeps, { running, marks }: ReconcileState): Claim =>
  running?.owner === owner
    ? { type: 'ours', run: running, marks }
    : { type: 'wait', after: 0, for: running };

/** A run of others is theirs until they have been silent for longer than they promised. */
const besideOthers = async (deps: ReconcileDeps, watch: Watch, running: Run): Claimed => {
  const { run, owner: from, pulse, patience } = running;
  const of = `${run} ${from} ${pulse}`;
  const now = deps.monotonic();
  if (watch.seen?.of !== of) watch.seen = { of, since: now };
  const left = watch.seen.since + patience - now;
  if (left > 0) return E.right({ type: 'wait', after: left, for: running });
  const told = await tell(deps, {
    ...{ type: 'TakeOver', run, from, pulse, owner: deps.owner },
    ...{ patience: deps.patience, at: deps.hand.now() },
  });
  return E.map((state: ReconcileState) => oursIn(deps, state))(told);
};

/**
 * Gets a run to do, where one is wanted: begins it, or takes over one whose owner is silent. Of
 * several processes that try, exactly one is answered `ours`.
 */
export const claim = async (deps: ReconcileDeps, watch: Watch, wanted: Wanted): Claimed => {
  const record = await recordOf(deps);
  if (E.isLeft(record)) return record;
  const state = record.right;
  if (state.running?.owner === deps.owner) return E.right(oursIn(deps, state));
  if (state.running !== null) return besideOthers(deps, watch, state.running);
  const now = deps.hand.now();
  if (wanted.why === 'schedule') {
    const left = dueAt(state, deps.logBegan, wanted.every) - Date.parse(now);
    if (left > 0) return E.right({ type: 'wait', after: left, for: null });
  }
  const { owner, patience } = deps;
  const begun = await tell(deps, {
    ...{ type: 'Begin', run: state.runs + 1, why: wanted.why, owner, patience, at: now },
  });
  if (E.isRight(begun)) return E.right(oursIn(deps, begun.right));
  // Somebody else was faster: their run is looked at next time.
  return begun.left.code === 'under-way' || begun.left.code === 'conflict'
    ? E.right({ type: 'wait', after: 0, for: null })
    : begun;
};
