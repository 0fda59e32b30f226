import type { ImageContentsRecorded, ImageEvent, ImageRpm } from '../../domain/image/events.ts';
import { imageArtifact } from '../../domain/stream-names.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { ImageFacts, ImageRow } from './row.ts';
import { imagesModel } from './row.ts';

type Part = Extract<ImageEvent, { readonly type: 'ImageContentsPart' }>;

/** `bash-4.4-1`, or `bind-32:9.11-2` where there is an epoch. */
const rpmText = ({ nvr, epoch }: ImageRpm): string => {
  if (epoch === null) return nvr;
  const dash = nvr.lastIndexOf('-', nvr.lastIndexOf('-') - 1);
  return `${nvr.slice(0, dash)}-${epoch}:${nvr.slice(dash + 1)}`;
};

const withPart = (row: ImageRow | undefined, { nvr, rpms }: Part): ImageRow => {
  const bySource = new Map(Object.entries(row?.rpms ?? {}));
  for (const rpm of rpms) {
    bySource.set(rpm.source, [...(bySource.get(rpm.source) ?? []), rpmText(rpm)]);
  }
  return { nvr, facts: row?.facts ?? null, rpms: Object.fromEntries(bySource) };
};

const factsOf = (contents: ImageContentsRecorded): ImageFacts => {
  const { name, namespace, component, buildId, taskId } = contents;
  const { target, commit, parent, arches, completedAt } = contents;
  const branch = contents.branch ?? '';
  return {
    ...{ artifact: imageArtifact(name, branch), name, branch, namespace, component },
    ...{ buildId, taskId, target, commit, parent, arches, completedAt },
  };
};

const types = ['ImageContentsPart', 'ImageContentsRecorded'] as const;
type Told = Recorded<EventOf<(typeof types)[number]>>;

const project = (row: ImageRow | undefined, { event }: Told): ImageRow =>
  event.type === 'ImageContentsPart'
    ? withPart(row, event)
    : { nvr: event.nvr, rpms: row?.rpms ?? {}, facts: factsOf(event) };

/** Every image build on record, with what it holds: kept once, here. */
export const imagesProjector: Projector<ImageRow, Told['event']> = {
  model: imagesModel,
  categories: ['image'],
  types,
  pageSize: 200,
  touches: ({ event }) => [event.nvr],
  project,
};
