import * as E from 'fp-ts/lib/Either.js';
import { image } from '../../domain/image/image.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { ReconcileDeps } from './deps.ts';
import { allPages } from './pages.ts';
import type { Ask, Course, Thing } from './question.ts';
import { difference, sinceMark } from './question.ts';

type Build = { readonly id: number; readonly nvr: string };

/** Heard of in the way its message would have told; the saga of contents asks Koji what it holds. */
const thingOf = (
  { hand, cache }: ReconcileDeps,
  { run }: Course,
  { id: buildId, nvr }: Build,
): Thing => {
  const stream = imageContentsStream(nvr);
  return {
    examine: async () => {
      const last = await hand.log.last(stream)();
      if (E.isLeft(last)) return last;
      if (last.right !== undefined) return E.right(undefined);
      return E.right(
        difference({
          ...{ system: 'koji', code: 'image-unheard', stream, externalId: buildId },
          ...{ subject: nvr, found: 'complete', action: 'noticed' },
        }),
      );
    },
    mend: () => {
      const context = { correlationId: `reconcile-${run}` };
      return carryOut(hand, cache)(stream, image, context, { type: 'Hear', buildId, nvr });
    },
  };
};

const perPage = 100;

/**
 * Milliseconds: a content generator says itself when a build was completed, and imports it later. What
 * is listed again is on record already.
 */
const importDelay = 86_400_000;

/** What image builds were completed in Koji since the last time. */
export const askFinishedImages: Ask = async (deps, course) => {
  const { koji } = deps.outside;
  if (koji === undefined) return undefined;
  const since = sinceMark(deps, course.marks.finishedImages, importDelay);
  const { items, ...rest } = await allPages(course.signal, async (page) => {
    const listed = await koji.imageBuildsSince(since, page * perPage, perPage)();
    return E.map((all: ReadonlyArray<Build>) => ({ items: all, isLast: all.length < perPage }))(
      listed,
    );
  });
  return {
    ...{ count: items.length, things: items.map((build) => thingOf(deps, course, build)) },
    ...{ ...rest, mark: { finishedImages: course.begunAt } },
  };
};
