import type { DomainEvent } from '../../domain/catalogue.ts';
import type { ImageContents } from '../../domain/image/events.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import { contentsInParts } from '../../sagas/record-image-contents.ts';
import type { Chunk } from './history.ts';
import { chunkOf } from './history.ts';

/** How many images there are, how often each was built, and how many RPMs one holds. */
export type ImageWorld = {
  readonly images: number;
  readonly rounds: number;
  readonly rpms: number;
};

/** Packages that every image holds, and all that there are. */
const base = 120;
export const packages = 5000;

/** Every package gets a new version each ten rounds, not all in the same. */
const versionOf = (rpm: number, round: number): string =>
  `1.${Math.floor((round + (rpm % 10)) / 10)}-1.fc28`;

/** Some of what is no base package is swapped for another as an image goes on. */
const rpmOf = (image: number, slot: number, round: number): number => {
  if (slot < base) return slot;
  const age = slot % 40 === 0 ? Math.floor(round / 8) : 0;
  return base + ((image * 7919 + slot * 104_729 + age * 31) % (packages - base));
};

const nvrOf = (image: number, round: number): string => `image-${image}-1-${round + 1}`;

/** One build of one image: builds go on through all images, round after round. */
export const imageContents = (world: ImageWorld, index: number): ImageContents => {
  const [image, round] = [index % world.images, Math.floor(index / world.images)];
  const numbers = Array.from({ length: world.rpms }, (_, slot) => rpmOf(image, slot, round));
  const parent = image === 0 ? null : Math.floor((image - 1) / 4);
  const name = `image-${image}`;
  return {
    ...{ buildId: 1000 + index, nvr: nvrOf(image, round), component: name, name, branch: 'f28' },
    ...{ namespace: 'container', target: 'f28-container-candidate', commit: null },
    parent:
      parent === null
        ? null
        : { nvr: nvrOf(parent, round), buildId: 1000 + round * world.images + parent },
    ...{ arches: ['x86_64'], taskId: 5000 + index, completedAt: null },
    rpms: [...new Set(numbers)].map((rpm) => ({
      nvr: `package-${rpm}-${versionOf(rpm, round)}`,
      epoch: null,
      source: `source-${Math.floor(rpm / 3)}`,
    })),
  };
};

/** The same as it is recorded. */
export const imageBuild = (
  world: ImageWorld,
  index: number,
): { readonly stream: string; readonly events: ReadonlyArray<DomainEvent> } => {
  const contents = imageContents(world, index);
  return { stream: imageContentsStream(contents.nvr), events: contentsInParts(contents) };
};

/** The same, sealed for the log. */
export const imageChunk = (world: ImageWorld, index: number): Chunk => {
  const { stream, events } = imageBuild(world, index);
  return chunkOf(stream, events);
};
