import * as E from 'fp-ts/lib/Either.js';
import type { ContainerOrder, KojiFailure } from '../../clients/koji/port.ts';
import type { ImageOrder } from '../../domain/artifact/state.ts';
import type { Hindrance } from '../act.ts';
import { secondsFrom } from '../act.ts';
import { goneCompose } from './composes.ts';
import type { RebuildDeps } from './deps.ts';
import type { CallFailure, Submission, Submitter } from './submitter.ts';

/** Koji's clock may be this far behind ours, in seconds. */
const clockSkew = 600;

const outcomes: Readonly<Record<KojiFailure['code'], CallFailure['outcome']>> = {
  'koji-refused': 'refused',
  'koji-unavailable': 'not-done',
  'koji-unknown-outcome': 'unknown',
  'koji-missing': 'over',
  'koji-unreadable': 'over',
};

/** Koji's fault for a login that failed; a certificate or ticket that has run out may be renewed. */
const notLoggedIn = 1002;

const failureOf = (failure: KojiFailure): CallFailure => {
  const { code, reason } = failure;
  const isLogin = failure.code === 'koji-refused' && failure.fault === notLoggedIn;
  return { code, reason, outcome: isLogin ? 'not-done' : outcomes[code] };
};

const requestOf = (order: ImageOrder): ContainerOrder => {
  const { source, target, branch, release, parent, composes } = order;
  const composeIds = [...new Set(composes.map(({ id }) => id))].sort((a, b) => a - b);
  return { source, target, branch, release, parent, composeIds, repoUrls: [] };
};

const noOrder: CallFailure = {
  code: 'no-order',
  reason: 'The attempt names a commit, but not what Koji is to be asked for.',
  outcome: 'refused',
};

/** Why the attempt may not be called as it was prepared; undefined when it may. */
const hindered = async (
  deps: RebuildDeps,
  { stream, running }: Submission,
): Promise<CallFailure | undefined> => {
  const gone = await goneCompose(deps, stream, running);
  if (E.isLeft(gone)) {
    const { code, reason = code } = gone.left;
    return { code, reason, outcome: 'not-done' };
  }
  if (gone.right === undefined) return undefined;
  const reason = `Compose ${gone.right.id} was gone before Koji could be asked.`;
  return { code: 'compose-expired', reason, outcome: 'not-done' };
};

/** Ids of the tasks that Koji has of an attempt. */
export const foundTask = async (
  { koji }: { readonly koji: Pick<RebuildDeps['koji'], 'findTask'> },
  order: ImageOrder,
): Promise<E.Either<Hindrance, ReadonlyArray<number>>> => {
  const task = await koji.findTask(requestOf(order), secondsFrom(order.at, -clockSkew))();
  return E.map((found: { readonly id: number } | undefined) =>
    found === undefined ? [] : [found.id],
  )(task);
};

/** Submits to Koji. Its task is found by the source and the release, which only the attempt has. */
export const imageSubmitter = (deps: RebuildDeps): Submitter => ({
  callTimeout: deps.koji.callTimeout,
  ask: async ({ running }) => {
    const { order } = running.attempt;
    return order === null ? E.right([]) : foundTask(deps, order);
  },
  call: async (submission) => {
    const { order } = submission.running.attempt;
    if (order === null) return E.left(noOrder);
    const hindrance = await hindered(deps, submission);
    if (hindrance !== undefined) return E.left(hindrance);
    const task = await deps.koji.buildContainer(requestOf(order))();
    return E.bimap(failureOf, (id: number): ReadonlyArray<number> => [id])(task);
  },
  noAnswer: {
    code: 'koji-unknown-outcome',
    reason: 'Koji did not answer, and has no task of this source and release.',
    outcome: 'unknown',
  },
});
