import * as E from 'fp-ts/lib/Either.js';
import type { Compose } from '../../clients/odcs/port.ts';
import { compose } from '../../domain/compose/compose.ts';
import type { ComposeState } from '../../domain/compose/state.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Ask, Course, Thing } from './question.ts';
import { difference } from './question.ts';

type Known = Promise<E.Either<Hindrance, boolean>>;

const isSameSet = (ours: ReadonlyArray<string>, theirs: ReadonlyArray<string>): boolean =>
  new Set(ours).size === new Set(theirs).size && ours.every((one) => theirs.includes(one));

/** Whether a call that has no outcome on record may have made it. */
const isOfCall = ({ order, live }: ComposeState, { id, builds, packages }: Compose): boolean => {
  if (order === null || live?.composeId !== null || live.intent === null) return false;
  const isLater = id > live.intent.newestId;
  return isLater && isSameSet(order.builds, builds) && isSameSet(order.packages, packages);
};

const isOfAnyCall = async (
  { hand, cache }: ReconcileDeps,
  streams: ReadonlyArray<string>,
  made: Compose,
): Known => {
  for (const stream of streams) {
    const loaded = await loadStream(hand.log, cache)(stream, compose);
    if (E.isLeft(loaded)) return loaded;
    if (isOfCall(loaded.right.state, made)) return E.right(true);
  }
  return E.right(false);
};

/** On record, once the index tells of all that is; or still to be put on record by its call. */
const isOnRecord = async (deps: ReconcileDeps, { signal }: Course, made: Compose): Known => {
  const known = await deps.isKnownCompose(made.id)();
  if (E.isLeft(known) || known.right) return known;
  const open = await deps.openStreams('compose', signal);
  if (E.isLeft(open)) return open;
  const later = await deps.isKnownCompose(made.id)();
  if (E.isLeft(later) || later.right) return later;
  return isOfAnyCall(deps, open.right, made);
};

const thingOf = (deps: ReconcileDeps, course: Course, made: Compose): Thing => ({
  examine: async () => {
    const known = await isOnRecord(deps, course, made);
    if (E.isLeft(known) || known.right) return E.map(() => undefined)(known);
    const { id: externalId, stateName: found, builds } = made;
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
export const askOwnComposes: Ask = async (deps, course) => {
  const { odcs } = deps.outside;
  if (odcs === undefined) return undefined;
  const newest = await odcs.newestId()();
  if (E.isLeft(newest)) return { count: 0, things: [], failure: newest.left };
  const above = course.marks.ownComposes ?? newest.right;
  const own = await odcs.ownSince(above)();
  if (E.isLeft(own)) return { count: 0, things: [], failure: own.left };
  if (own.right === undefined) return undefined;
  const ids = own.right.map(({ id }) => id);
  return {
    ...{ count: ids.length, things: own.right.map((one) => thingOf(deps, course, one)) },
    mark: { ownComposes: Math.max(above, newest.right, ...ids) },
  };
};
