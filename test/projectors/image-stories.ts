import type { ImageContents, ImageRpm } from '../../domain/image/events.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import type { Told } from './told.ts';
import { inStream } from './told.ts';

/** `openssl-libs-1.1.0-3`, `1` of source `openssl`. */
export const rpm = (nvr: string, source: string, epoch: number | null = null): ImageRpm => ({
  ...{ nvr, epoch, source },
});

export const openssl = (version: string): ImageRpm => rpm(`openssl-libs-${version}`, 'openssl');

/** A build of image httpd, unless told otherwise. */
export const contents = (
  buildId: number,
  rpms: ReadonlyArray<ImageRpm>,
  rest: Partial<ImageContents> = {},
): ImageContents => ({
  ...{ buildId, nvr: `httpd-1-${buildId}`, component: 'httpd', namespace: 'container' },
  ...{ name: 'httpd', branch: 'f28', target: 'f28-container-candidate', commit: 'abc' },
  ...{ parent: null, arches: ['x86_64'], taskId: null, completedAt: null, rpms },
  ...rest,
});

/** As it is recorded: the RPMs in parts of `perPart`, then the rest. */
export const recorded = ({ rpms, ...whole }: ImageContents, perPart = 2): ReadonlyArray<Told> => {
  const { buildId, nvr, name, branch } = whole;
  const parts = Array.from({ length: Math.ceil(rpms.length / perPart) }, (_, part) => ({
    ...{ type: 'ImageContentsPart' as const, buildId, nvr, name, branch, part },
    rpms: rpms.slice(part * perPart, (part + 1) * perPart),
  }));
  const events = [
    ...parts,
    { type: 'ImageContentsRecorded' as const, ...whole, parts: parts.length },
  ];
  return events.map(inStream(imageContentsStream(nvr)));
};
