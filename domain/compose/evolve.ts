import type { ComposeEvent, WantedCompose } from './events.ts';
import type { ComposeState, Intent, Live } from './state.ts';
import { attemptOf } from './state.ts';

type Of<Type extends ComposeEvent['type']> = Extract<ComposeEvent, { readonly type: Type }>;
type Handlers = {
  readonly [Type in ComposeEvent['type']]: (state: ComposeState, event: Of<Type>) => ComposeState;
};

const same = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index]);

const isSameOrder = (a: WantedCompose | null, b: WantedCompose): boolean =>
  a !== null &&
  same(a.builds, b.builds) &&
  same(a.packages, b.packages) &&
  same(a.sigkeys, b.sigkeys) &&
  same(a.arches, b.arches);

const withLive = (
  state: ComposeState,
  attempt: number,
  change: (live: Live) => Live,
): ComposeState =>
  state.live?.attempt === attempt ? { ...state, live: change(state.live) } : state;

/** What is there of the same order goes on; else it begins anew. */
const wanted = (state: ComposeState, event: Of<'ComposeWanted'>): ComposeState => {
  const { trigger, messageId, order } = event;
  const goesOn = isSameOrder(state.order, order);
  const ready = goesOn ? state.ready : null;
  const live = goesOn ? state.live : null;
  const isThere = ready !== null || live !== null;
  return {
    ...state,
    ...{ trigger, messageId, order, ready },
    live: isThere ? live : attemptOf(state.attempts + 1, null, null),
    ...{ failedSubmissions: 0, failedComposes: 0, expiries: 0 },
    ...{ givenUp: null, released: false },
  };
};

const intended = (state: ComposeState, event: Of<'ComposeIntended'>): ComposeState => {
  const { attempt, renews, owner, callTimeout, newestId } = event;
  const live = attemptOf(attempt, renews, null);
  return {
    ...state,
    attempts: attempt,
    live: { ...live, intent: { owner, callTimeout, newestId } },
  };
};

/** An answer under another id than the one to be renewed is a new compose: the old one is gone. */
const submitted = (state: ComposeState, event: Of<'ComposeSubmitted'>): ComposeState => {
  const { attempt, composeId, repofile } = event;
  if (state.live?.attempt !== attempt) return state;
  return { ...state, ready: null, live: { ...state.live, composeId, repofile } };
};

const isOfReady = (state: ComposeState, { renews }: Live): boolean =>
  renews !== null && state.ready?.composeId === renews;

/** A renewal that failed leaves the compose as it was; ODCS is asked again only when scheduled. */
const failed = (state: ComposeState, event: Of<'ComposeFailed'>): ComposeState => {
  const { live, ready } = state;
  if (live?.attempt !== event.attempt) return state;
  const renewing = isOfReady(state, live);
  const counted =
    event.composeId === null
      ? { failedSubmissions: state.failedSubmissions + 1 }
      : { failedComposes: state.failedComposes + 1 };
  return {
    ...{ ...state, ...counted, live: null },
    ready: renewing && ready !== null ? { ...ready, isRenewable: false } : ready,
  };
};

const retryScheduled = (
  state: ComposeState,
  { attempt, notBefore }: Of<'ComposeRetryScheduled'>,
): ComposeState => ({
  ...{ ...state, attempts: attempt },
  live: attemptOf(attempt, state.ready?.composeId ?? null, notBefore),
  ready: state.ready === null ? null : { ...state.ready, isRenewable: true },
});

/** A call that is under way is settled first; what it brings is used. */
const expired = (state: ComposeState, event: Of<'ComposeExpired'>): ComposeState => {
  if (state.ready?.composeId !== event.composeId) return state;
  const { live, attempts } = state;
  return {
    ...{ ...state, ready: null, expiries: state.expiries + 1 },
    ...{ failedSubmissions: 0, failedComposes: 0 },
    live: live?.intent == null ? attemptOf(attempts + 1, null, null) : live,
  };
};

const handlers: Handlers = {
  ComposeWanted: wanted,
  ComposeIntended: intended,
  ComposeTakenOver: (state, { attempt, owner, callTimeout }) =>
    withLive(state, attempt, (live) => {
      const intent: Intent | null = live.intent && { ...live.intent, owner, callTimeout };
      return { ...live, intent };
    }),
  ComposeSubmitted: submitted,
  ComposeStateObserved: (state, { composeId, state: now, stateName }) =>
    state.live?.composeId === composeId
      ? { ...state, live: { ...state.live, seen: { state: now, stateName } } }
      : state,
  ComposeReady: (state, { composeId, repofile, expiresAt, at }) => ({
    ...{ ...state, live: null, failedSubmissions: 0, failedComposes: 0 },
    ready: { composeId, repofile, expiresAt, since: at, isRenewable: true },
  }),
  ComposeRenewed: (state, { composeId, expiresAt, at }) => ({
    ...{ ...state, live: null, failedSubmissions: 0, failedComposes: 0 },
    ready:
      state.ready?.composeId === composeId
        ? { ...state.ready, expiresAt, since: at, isRenewable: true }
        : state.ready,
  }),
  ComposeExpired: expired,
  ComposeFailed: failed,
  ComposeRetryScheduled: retryScheduled,
  ComposeGivenUp: (state, { code, reason }) => ({
    ...{ ...state, live: null },
    givenUp: { code, reason },
  }),
  ComposeReleased: (state) => ({ ...state, released: true }),
};

/** Folds one event in. Total: what does not fit the state changes nothing. */
export const evolve = (state: ComposeState, event: ComposeEvent): ComposeState => {
  const handler = handlers[event.type] as (s: ComposeState, e: ComposeEvent) => ComposeState;
  return handler(state, event);
};
