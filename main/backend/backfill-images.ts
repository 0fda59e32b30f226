import * as E from 'fp-ts/lib/Either.js';
import type { ImageAnswer, ImageBuildPage, Koji } from '../../clients/koji/port.ts';
import { image } from '../../domain/image/image.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import { carryOut, decodeRecorded } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../../sagas/act.ts';
import { noteLateImage } from '../../sagas/rebuild/late-image.ts';
import { recordImageContents } from '../../sagas/record-image-contents.ts';
import type { Course, Walked } from './backfill.ts';
import { perPage, walk } from './backfill.ts';

/** What this run made of the builds it looked at. */
type Counts = {
  readonly recordedNow: number;
  /** On record before, or dismissed for ever. */
  readonly known: number;
  /** No image, gone, or not complete. */
  readonly dismissed: number;
  /** Why each of these could not be read. */
  readonly unreadable: ReadonlyArray<string>;
};
export type ImageProgress = Walked & Counts;

type Outcome = {
  readonly of: 'recorded' | 'known' | 'dismissed' | 'unreadable';
  readonly why?: string;
};
type Build = ImageBuildPage['builds'][number];
type Done = E.Either<Hindrance, Outcome>;

export type ImageBackfill = {
  readonly hand: Hand;
  readonly koji: Pick<Koji, 'imageBuilds' | 'imageContents'>;
};
type Backfill = ImageBackfill & { readonly noteLate: ReturnType<typeof noteLateImage> };

const context = { correlationId: 'backfill-images' };
/** Builds in one question to Koji; the questions of a page are asked side by side. */
const atOnce = 25;

/** Whether nothing new can be learnt of a build: by its newest event alone. */
const isSettled = async (hand: Hand, { nvr }: Build): Promise<E.Either<Hindrance, boolean>> => {
  const last = await hand.log.last(imageContentsStream(nvr))();
  if (E.isLeft(last) || last.right === undefined) return E.map(() => false)(last);
  const event = decodeRecorded(last.right);
  if (E.isLeft(event)) return event;
  const { right } = event;
  return E.right(
    right.type === 'ImageContentsRecorded' ||
      (right.type === 'ImageBuildDismissed' && right.code === 'not-an-image'),
  );
};

const dismiss = async (
  hand: Hand,
  { nvr }: Build,
  { code, reason }: Extract<ImageAnswer, { readonly type: 'none' }>,
): Promise<Done> => {
  if (code === 'unreadable') return E.right({ of: 'unreadable', why: `${nvr}: ${reason}` });
  if (code !== 'not-an-image') return E.right({ of: 'dismissed' });
  const command = { type: 'Dismiss', nvr, code, reason } as const;
  const dismissed = await carryOut(hand)(imageContentsStream(nvr), image, context, command);
  return E.map((): Outcome => ({ of: 'dismissed' }))(dismissed);
};

const settle = async (
  { hand, noteLate }: Backfill,
  build: Build,
  answer: ImageAnswer | undefined,
): Promise<Done> => {
  if (answer === undefined) {
    return E.right({ of: 'unreadable', why: `${build.nvr}: Koji gave no answer` });
  }
  if (answer.type === 'none') return dismiss(hand, build, answer);
  const late = await noteLate(answer.contents, context);
  if (E.isLeft(late)) return late;
  const recorded = await recordImageContents(hand, context, answer.contents);
  if (E.isLeft(recorded) && recorded.left.code === 'too-large') {
    const why = `${build.nvr}: what it holds does not fit into one append`;
    return E.right({ of: 'unreadable', why });
  }
  return E.map((of: 'recorded' | 'known'): Outcome => ({ of }))(recorded);
};

const askAbout = async (
  backfill: Backfill,
  builds: ReadonlyArray<Build>,
): Promise<ReadonlyArray<Done>> => {
  const answers = await backfill.koji.imageContents(builds.map(({ id }) => id))();
  if (E.isLeft(answers)) return [answers];
  return Promise.all(builds.map((build, at) => settle(backfill, build, answers.right[at])));
};

const inChunks = (builds: ReadonlyArray<Build>): ReadonlyArray<ReadonlyArray<Build>> =>
  Array.from({ length: Math.ceil(builds.length / atOnce) }, (_, at) =>
    builds.slice(at * atOnce, (at + 1) * atOnce),
  );

const allOf = (ones: ReadonlyArray<Done>): E.Either<Hindrance, ReadonlyArray<Outcome>> => {
  const failed = ones.find(E.isLeft);
  return failed ?? E.right(ones.flatMap((one) => (E.isRight(one) ? [one.right] : [])));
};

const look = async (
  backfill: Backfill,
  builds: ReadonlyArray<Build>,
): Promise<E.Either<Hindrance, ReadonlyArray<Outcome>>> => {
  const settled = await Promise.all(builds.map((build) => isSettled(backfill.hand, build)));
  const failure = settled.find(E.isLeft);
  if (failure !== undefined) return failure;
  const isKnown = settled.map((one) => E.isRight(one) && one.right);
  const unknown = builds.filter((_, at) => isKnown[at] !== true);
  const known = isKnown.filter(Boolean).map((): Outcome => ({ of: 'known' }));
  const asked = await Promise.all(inChunks(unknown).map((chunk) => askAbout(backfill, chunk)));
  return E.map((outcomes: ReadonlyArray<Outcome>) => [...known, ...outcomes])(allOf(asked.flat()));
};

const countOf = (outcomes: ReadonlyArray<Outcome>, of: Outcome['of']): number =>
  outcomes.filter((one) => one.of === of).length;

const onePage =
  (backfill: Backfill) =>
  async (before: ImageProgress): Promise<E.Either<Hindrance, ImageProgress>> => {
    const found = await backfill.koji.imageBuilds(before.page * perPage, perPage)();
    if (E.isLeft(found)) return found;
    const { builds, total } = found.right;
    const outcomes = await look(backfill, builds);
    if (E.isLeft(outcomes)) return outcomes;
    const recorded = countOf(outcomes.right, 'recorded');
    return E.right({
      ...{ before: before.before, page: before.page + 1, pages: Math.ceil(total / perPage), total },
      done: before.done + builds.length,
      recorded: before.recorded + recorded,
      lastId: Math.max(before.lastId, ...builds.map(({ id }) => id)),
      recordedNow: before.recordedNow + recorded,
      known: before.known + countOf(outcomes.right, 'known'),
      dismissed: before.dismissed + countOf(outcomes.right, 'dismissed'),
      unreadable: [...before.unreadable, ...outcomes.right.flatMap(({ why }) => why ?? [])],
    });
  };

/**
 * Records what every complete image build of Koji holds that is not on record yet. May be
 * interrupted, even killed, and run again at any time: of what is on record Koji is not asked.
 * `report` is waited for after each page.
 */
export const backfillImages = (
  backfill: ImageBackfill,
  report: (progress: ImageProgress) => unknown,
  course: Course = {},
): Promise<E.Either<Hindrance, ImageProgress>> => {
  const { hand } = backfill;
  return walk(
    {
      firstOf: async (page) => {
        const found = await backfill.koji.imageBuilds((page - 1) * perPage, 1)();
        return E.map(({ builds }: ImageBuildPage) => builds[0]?.id)(found);
      },
      begin: (walked): ImageProgress => ({
        ...{ ...walked, recordedNow: 0, known: 0, dismissed: 0, unreadable: [] },
      }),
      onePage: onePage({ ...backfill, noteLate: noteLateImage({ hand, cache: new Map() }) }),
    },
    report,
    course,
  );
};
