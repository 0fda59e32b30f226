import type { ImageContentsRecorded, ImageEvent } from '../../domain/image/events.ts';
import { imageArtifact } from '../../domain/stream-names.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import { together } from './held.ts';
import type { HeldRow, HeldRpm, ImageIndexRow, StreamRow } from './row.ts';
import { heldId, imageIndexModel, streamId } from './row.ts';

type Part = Extract<ImageEvent, { readonly type: 'ImageContentsPart' }>;

const artifactOf = ({ name, branch }: Pick<Part, 'name' | 'branch'>): string =>
  imageArtifact(name, branch ?? '');

/**
 * Into how many rows what an image holds is divided: few, so that a build is folded in with few
 * reads and writes; enough, so that a look-up reads little beside what it is after.
 */
const shares = 16;

const shareOf = (source: string): number => {
  let sum = 0;
  for (let index = 0; index < source.length; index += 1) {
    sum = (sum * 31 + source.charCodeAt(index)) % 65_521;
  }
  return sum % shares;
};

type Rpms = Map<string, HeldRpm>;

const withRpm = (rpms: Rpms, part: Part, { nvr, epoch, source }: Part['rpms'][number]): void => {
  const dash = nvr.lastIndexOf('-', nvr.lastIndexOf('-') - 1);
  const name = nvr.slice(0, dash);
  const held = [nvr.slice(dash + 1), epoch, part.buildId] as const;
  const rpm: HeldRpm = [source, held, held, held];
  const known = rpms.get(name);
  rpms.set(name, known === undefined ? rpm : together(known, rpm));
};

const divided = (part: Part): ReadonlyMap<string, Rpms> => {
  const artifact = artifactOf(part);
  const rows = new Map<string, Rpms>();
  for (const rpm of part.rpms) {
    const id = heldId(artifact, shareOf(rpm.source));
    const rpms = rows.get(id) ?? new Map<string, HeldRpm>();
    rows.set(id, rpms);
    withRpm(rpms, part, rpm);
  }
  return rows;
};

const dividedParts = new WeakMap<Part, ReadonlyMap<string, Rpms>>();

/** Divided once per event: every row that it touches asks for its share. */
const sharesOf = (part: Part): ReadonlyMap<string, Rpms> => {
  const known = dividedParts.get(part) ?? divided(part);
  dividedParts.set(part, known);
  return known;
};

const imagesOf = (
  rpms: HeldRow['rpms'],
  known: HeldRow['images'],
  part: Part,
): HeldRow['images'] => {
  const images = new Map<number, string>();
  for (const [, lowest, first, last] of Object.values(rpms)) {
    for (const [, , id] of [lowest, first, last]) images.set(id, known[id] ?? part.nvr);
  }
  return Object.fromEntries(images);
};

/** Builds may come to be recorded in any order: the row is the same. */
const withPart = (row: HeldRow | undefined, part: Part, id: string): HeldRow => {
  const rpms: Record<string, HeldRpm> = { ...row?.rpms };
  for (const [name, rpm] of sharesOf(part).get(id) ?? []) {
    const known = Object.hasOwn(rpms, name) ? rpms[name] : undefined;
    rpms[name] = known === undefined ? rpm : together(known, rpm);
  }
  const images = imagesOf(rpms, row?.images ?? {}, part);
  return { artifact: artifactOf(part), newest: row?.newest ?? 0, images, rpms };
};

/** Only once all of its parts are there is a build the newest. */
const withNewest = (row: HeldRow | undefined, contents: ImageContentsRecorded): HeldRow => {
  const { buildId: newest } = contents;
  if (row === undefined) return { artifact: artifactOf(contents), newest, images: {}, rpms: {} };
  return row.newest >= newest ? row : { ...row, newest };
};

const streamRow = (row: StreamRow | undefined, contents: ImageContentsRecorded): StreamRow => {
  const { buildId, name, namespace, target, nvr, component, arches, completedAt } = contents;
  if (row !== undefined && row.newest.buildId >= buildId) return row;
  const parentNvr = contents.parent?.nvr ?? null;
  return {
    ...{ artifact: artifactOf(contents), name, branch: contents.branch ?? '', namespace, target },
    newest: { nvr, buildId, component, parentNvr, arches, completedAt },
  };
};

const types = ['ImageContentsPart', 'ImageContentsRecorded'] as const;
type Told = Recorded<EventOf<(typeof types)[number]>>;

const project = (
  body: ImageIndexRow | undefined,
  { event }: Told,
  id: string,
): ImageIndexRow | undefined => {
  if (event.type === 'ImageContentsPart') return withPart(body as HeldRow | undefined, event, id);
  return id === streamId(artifactOf(event))
    ? streamRow(body as StreamRow | undefined, event)
    : withNewest(body as HeldRow | undefined, event);
};

const touches = ({ event }: Told): ReadonlyArray<string> => {
  if (event.type === 'ImageContentsPart') return [...sharesOf(event).keys()];
  const artifact = artifactOf(event);
  const rows = Array.from({ length: shares }, (_, share) => heldId(artifact, share));
  return [streamId(artifact), ...rows];
};

/** Which images ever held an RPM, in which versions, and what the newest build of each image is. */
export const imageIndexProjector: Projector<ImageIndexRow, Told['event']> = {
  model: imageIndexModel,
  categories: ['image'],
  types,
  pageSize: 200,
  touches,
  project,
};
