import * as E from 'fp-ts/lib/Either.js';
import type { ContainerOrder, KojiFailure } from '../../clients/koji/port.ts';
import type { ImageOrder } from '../../domain/artifact/state.ts';
import { secondsFrom } from '../act.ts';
import type { RebuildDeps } from './deps.ts';
import type { CallFailure, Submitter } from './submitter.ts';

/** Koji's clock may be this far behind ours, in seconds. */
const clockSkew = 600;

const outcomes: Readonly<Record<KojiFailure['code'], CallFailure['outcome']>> = {
  'koji-refused': 'refused',
  'koji-unavailable': 'not-done',
  'koji-unknown-outcome': 'unknown',
  'koji-missing': 'over',
  'koji-unreadable': 'over',
};

const failureOf = ({ code, reason }: KojiFailure): CallFailure => ({
  ...{ code, reason },
  outcome: outcomes[code],
});

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

/** Submits to Koji. Its task is found by the source and the release, which only the attempt has. */
export const imageSubmitter = ({ koji }: Pick<RebuildDeps, 'koji'>): Submitter => ({
  callTimeout: koji.callTimeout,
  ask: async ({ running }) => {
    const { order } = running.attempt;
    if (order === null) return E.right([]);
    const task = await koji.findTask(requestOf(order), secondsFrom(order.at, -clockSkew))();
    return E.map((found: { readonly id: number } | undefined) =>
      found === undefined ? [] : [found.id],
    )(task);
  },
  call: async ({ running }) => {
    const { order } = running.attempt;
    if (order === null) return E.left(noOrder);
    const task = await koji.buildContainer(requestOf(order))();
    return E.bimap(failureOf, (id: number): ReadonlyArray<number> => [id])(task);
  },
  noAnswer: {
    code: 'koji-unknown-outcome',
    reason: 'Koji did not answer, and has no task of this source and release.',
    outcome: 'unknown',
  },
});
