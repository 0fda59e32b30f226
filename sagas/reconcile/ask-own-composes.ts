import * as E from 'fp-ts/lib/Either.js';
import type { Compose } from '../../clients/odcs/port.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Ask, Thing } from './question.ts';
import { difference } from './question.ts';

const thingOf = (
  { isKnownCompose }: ReconcileDeps,
  { id: externalId, stateName: found, builds }: Compose,
): Thing => ({
  examine: async () => {
    const known = await isKnownCompose(externalId)();
    if (E.isLeft(known) || known.right) return E.map(() => undefined)(known);
    return E.right(
      difference({
        ...{ system: 'odcs', code: 'unknown-to-us', externalId, found, action: 'none' },
        subject: builds.slice(0, 10).join(', '),
      }),
    );
  },
});

/**
 * What ODCS was asked for in our name since the last time. The first time only where the list ends is
 * noted. Where our name is not configured nothing is asked: everybody's composes would look like ours.
 */
export const askOwnComposes: Ask = async (deps, { marks }) => {
  const { odcs } = deps.outside;
  if (odcs === undefined) return undefined;
  const newest = await odcs.newestId()();
  if (E.isLeft(newest)) return { count: 0, things: [], failure: newest.left };
  const above = marks.ownComposes ?? newest.right;
  const own = await odcs.ownSince(above)();
  if (E.isLeft(own)) return { count: 0, things: [], failure: own.left };
  if (own.right === undefined) return undefined;
  const ids = own.right.map(({ id }) => id);
  return {
    ...{ count: ids.length, things: own.right.map((one) => thingOf(deps, one)) },
    mark: { ownComposes: Math.max(above, newest.right, ...ids) },
  };
};
