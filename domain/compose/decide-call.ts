import * as E from 'fp-ts/lib/Either.js';
import type {
  ComposeRejection,
  Intend,
  NoteRenewed,
  RecordFailure,
  RecordSubmitted,
  Release,
  TakeOver,
  Want,
} from './commands.ts';
import type { ComposeEvent } from './events.ts';
import type { ComposeState, Live } from './state.ts';
import { isOpen } from './state.ts';

export type Decided = E.Either<ComposeRejection, ReadonlyArray<ComposeEvent>>;

const nothing: Decided = E.right([]);

/** One order for one trigger; only what was released may be wanted again. */
export const want = (command: Want, state: ComposeState): Decided => {
  if (state.order !== null && !state.released) return nothing;
  const { trigger, number, messageId, order, at } = command;
  return E.right([{ type: 'ComposeWanted', trigger, number, messageId, order, at }]);
};

const mayCreate = ({ live }: ComposeState, { attempt }: Intend): boolean =>
  live?.attempt === attempt && live.renews === null && live.intent === null;

const mayRenew = ({ live, ready, attempts }: ComposeState, command: Intend): boolean => {
  const { attempt, renews } = command;
  if (ready?.composeId !== renews || !ready.isRenewable) return false;
  if (live === null) return attempt === attempts + 1;
  return live.attempt === attempt && live.renews === renews && live.intent === null;
};

/** One process wins the right to call: the append of this event is the reservation. */
export const intend = (command: Intend, state: ComposeState): Decided => {
  const may = command.renews === null ? mayCreate : mayRenew;
  if (!isOpen(state) || !may(state, command)) return nothing;
  const { attempt, renews, newestId, owner, callTimeout } = command;
  return E.right([{ type: 'ComposeIntended', attempt, renews, newestId, owner, callTimeout }]);
};

const calling = (state: ComposeState, attempt: number): Live | null =>
  state.live?.attempt === attempt && state.live.intent !== null ? state.live : null;

/** The owner's deadline has passed without a word: another carries on, unless it just spoke. */
export const takeOver = (command: TakeOver, state: ComposeState): Decided => {
  const { attempt, from, owner, callTimeout } = command;
  const live = calling(state, attempt);
  if (live?.intent?.owner !== from || live.composeId !== null) return nothing;
  return E.right([{ type: 'ComposeTakenOver', attempt, owner, callTimeout }]);
};

/** Runs `decide` on the attempt where the owner of its call speaks, and it is still open. */
const asOwner = (
  state: ComposeState,
  { attempt, owner }: { readonly attempt: number; readonly owner: string },
  decide: (live: Live) => ReadonlyArray<ComposeEvent>,
): Decided => {
  const live = calling(state, attempt);
  if (live === null) return E.left({ code: 'not-running' });
  if (live.composeId !== null) return nothing;
  return live.intent?.owner === owner ? E.right(decide(live)) : E.left({ code: 'not-the-owner' });
};

/** Only the owner of the call says what came of it. */
export const recordSubmitted = (command: RecordSubmitted, state: ComposeState): Decided =>
  asOwner(state, command, () => {
    const { attempt, composeId, found, repofile, at } = command;
    return [{ type: 'ComposeSubmitted', attempt, composeId, found, repofile, at }];
  });

/** What lives longer is what was ready; should it be gone meanwhile, the answer is followed. */
export const noteRenewed = (command: NoteRenewed, state: ComposeState): Decided =>
  asOwner(state, command, () => {
    const { attempt, composeId, expiresAt, at } = command;
    if (state.ready?.composeId === composeId) {
      return [{ type: 'ComposeRenewed', attempt, composeId, expiresAt, at }];
    }
    const { type } = { type: 'ComposeSubmitted' } as const;
    return [{ type, attempt, composeId, found: false, repofile: null, at }];
  });

/**
 * A failed call is followed by another while it may pass and policy allows, else by the end. A
 * renewal never ends anything: the compose lives as long as it did before, and one that is gone
 * meanwhile is asked for anew.
 */
export const recordFailure = (command: RecordFailure, state: ComposeState): Decided =>
  asOwner(state, command, (live) => {
    const { attempt, code, reason, retries, retryAt, at } = command;
    const failed: ComposeEvent = {
      ...{ type: 'ComposeFailed', attempt, composeId: null, code, reason },
    };
    const isOfReady = live.renews !== null && state.ready?.composeId === live.renews;
    const isOfGone = live.renews !== null && !isOfReady;
    const mayPass = command.class === 'transient' && state.failedSubmissions < retries;
    if (mayPass || isOfGone) {
      const next = attempt + 1;
      return [failed, { type: 'ComposeRetryScheduled', attempt: next, notBefore: retryAt }];
    }
    return isOfReady ? [failed] : [failed, { type: 'ComposeGivenUp', code, reason, at }];
  });

/** Nothing waits for it any more. */
export const release = ({ at }: Release, state: ComposeState): Decided =>
  state.order === null || state.released ? nothing : E.right([{ type: 'ComposeReleased', at }]);
