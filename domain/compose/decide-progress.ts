import * as E from 'fp-ts/lib/Either.js';
import type { NoteExpired, NoteReady, ObserveCompose } from './commands.ts';
import type { Decided } from './decide-call.ts';
import type { ComposeEvent } from './events.ts';
import type { ComposeState, Live } from './state.ts';
import { isOpen } from './state.ts';

const nothing: Decided = E.right([]);

/** ODCS: wait 0, generating 1, done 2, removed 3, failed 4. */
const done = 2;
const removed = 3;
const failed = 4;

/** A compose goes from wait over generating to done or failed, and in the end it is removed. */
const ranks: ReadonlyArray<number> = [0, 1, 2, 4, 3];
const rank = (state: number): number => ranks[state] ?? -1;

const isOver = (state: number): boolean => state === removed || state === failed;

const observedBy = (command: ObserveCompose): ComposeEvent => {
  const { composeId, state, stateName, stateReason, via } = command;
  return {
    ...{ type: 'ComposeStateObserved', composeId, state, stateName, stateReason, via },
  };
};

/** Failed, or removed before anything could use it: another is asked for while policy allows. */
const afterFailure = (
  command: ObserveCompose,
  { attempt }: Live,
  { failedComposes }: ComposeState,
): ReadonlyArray<ComposeEvent> => {
  const { composeId, stateReason, retries, retryAt, at } = command;
  const code = command.state === failed ? 'compose-failed' : 'compose-removed';
  const reason = stateReason ?? 'ODCS gives no reason.';
  const next: ComposeEvent =
    failedComposes < retries
      ? { type: 'ComposeRetryScheduled', attempt: attempt + 1, notBefore: retryAt }
      : { type: 'ComposeGivenUp', code, reason, at };
  return [{ type: 'ComposeFailed', attempt, composeId, code, reason }, next];
};

const ofLive = (command: ObserveCompose, live: Live, state: ComposeState): Decided => {
  if (rank(command.state) <= rank(live.seen?.state ?? -1)) return nothing;
  const observed = observedBy(command);
  return E.right(
    isOver(command.state) ? [observed, ...afterFailure(command, live, state)] : [observed],
  );
};

/**
 * A compose that was ready is gone. The first time another is asked for at once, afterwards not
 * before `retryAt`, so that lives that are too short do not keep ODCS busy. A call under way is
 * settled first.
 */
const expire = (
  state: ComposeState,
  {
    composeId,
    reason,
    retryAt,
    at,
  }: {
    readonly composeId: number;
    readonly reason: string | null;
    readonly retryAt: string;
    readonly at: string;
  },
): ReadonlyArray<ComposeEvent> => {
  const expired: ComposeEvent = { type: 'ComposeExpired', composeId, reason, at };
  const isUnderWay = (state.live?.intent ?? null) !== null;
  if (state.expiries === 0 || isUnderWay) return [expired];
  const attempt = state.attempts + 1;
  return [expired, { type: 'ComposeRetryScheduled', attempt, notBefore: retryAt }];
};

/** Notes how far a compose of ours is; of any other compose nothing. */
export const observeCompose = (command: ObserveCompose, state: ComposeState): Decided => {
  const { composeId, stateReason, retryAt, at } = command;
  if (!isOpen(state)) return nothing;
  if (state.live?.composeId === composeId) return ofLive(command, state.live, state);
  if (state.ready?.composeId !== composeId || !isOver(command.state)) return nothing;
  const gone = { composeId, reason: stateReason, retryAt, at };
  return E.right([observedBy(command), ...expire(state, gone)]);
};

export const noteExpired = (command: NoteExpired, state: ComposeState): Decided =>
  isOpen(state) && state.ready?.composeId === command.composeId
    ? E.right(expire(state, command))
    : nothing;

/** ODCS must have called it done: a repo file alone proves nothing. */
export const noteReady = (command: NoteReady, state: ComposeState): Decided => {
  const { composeId, repofile, expiresAt, at } = command;
  const { live } = state;
  if (!isOpen(state) || live?.composeId !== composeId || live.seen?.state !== done) return nothing;
  return E.right([{ type: 'ComposeReady', composeId, repofile, expiresAt, at }]);
};
