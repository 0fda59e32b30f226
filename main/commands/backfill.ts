import type { Koji } from '../../clients/koji/port.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import { imagesBackfillStream, modulesBackfillStream } from '../../domain/backfill/events.ts';
import type { ImageProgress } from '../backend/backfill-images.ts';
import { backfillImages } from '../backend/backfill-images.ts';
import type { Progress } from '../backend/backfill-modules.ts';
import { backfillModules } from '../backend/backfill-modules.ts';
import type { Deps, Kind } from './backfill/run.ts';
import { runBackfill } from './backfill/run.ts';

export type BackfillDeps = Deps & { readonly mbs: Pick<Mbs, 'readyPage'> };
export type ImageBackfillDeps = Deps & {
  readonly koji: Pick<Koji, 'imageBuilds' | 'imageContents'>;
};

type Json = { readonly json?: boolean };

const modules = (mbs: BackfillDeps['mbs']): Kind<Progress> => ({
  what: 'module builds',
  stream: modulesBackfillStream,
  walk: (hand, patiently, report, course) => {
    const readyPage: Mbs['readyPage'] = (page, size) =>
      patiently(`Page ${page}`, mbs.readyPage(page, size));
    return backfillModules({ hand, mbs: { readyPage } }, report, course);
  },
  json: ({ done, recorded, total, unreadable }, complete) => {
    return { complete, done, recorded, total, unreadable };
  },
  summary: ({ done, recorded, total, unreadable }) => {
    const known = done - recorded - unreadable.length;
    return `${done} of ${total} module builds looked at: ${recorded} newly on record, ${known} on record before, ${unreadable.length} unreadable.`;
  },
  unreadable: ({ unreadable }) => unreadable,
});

const images = (koji: ImageBackfillDeps['koji']): Kind<ImageProgress> => ({
  what: 'image builds',
  stream: imagesBackfillStream,
  walk: (hand, patiently, report, course) => {
    const imageBuilds: Koji['imageBuilds'] = (offset, limit) =>
      patiently(`Builds from ${offset + 1} on`, koji.imageBuilds(offset, limit));
    const imageContents: Koji['imageContents'] = (builds) =>
      patiently(`Build ${builds[0] ?? ''} and following`, koji.imageContents(builds));
    return backfillImages({ hand, koji: { imageBuilds, imageContents } }, report, course);
  },
  json: ({ done, total, recordedNow: recorded, known, dismissed, unreadable }, complete) => {
    return { complete, done, total, recorded, known, dismissed, unreadable };
  },
  summary: ({ done, total, recordedNow, known, dismissed, unreadable }) =>
    `${done} of ${total} image builds looked at; in this run ${recordedNow} newly on record, ${known} on record before, ${dismissed} dismissed, ${unreadable.length} unreadable.`,
  unreadable: ({ unreadable }) => unreadable,
});

/**
 * `backfill modules`: records what every ready module build of MBS holds. Goes on where an
 * interrupted run stopped; after a complete one it begins anew and finds what the bus missed.
 */
export const backfillCommand = (deps: BackfillDeps, { json = false }: Json): Promise<number> =>
  runBackfill(deps, modules(deps.mbs), json);

/** `backfill images`: the same for every complete image build of Koji. */
export const backfillImagesCommand = (
  deps: ImageBackfillDeps,
  { json = false }: Json,
): Promise<number> => runBackfill(deps, images(deps.koji), json);
