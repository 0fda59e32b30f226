import type { ImageBuildPrepared } from '../../domain/artifact/image-events.ts';
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

/** The first attempt of a build of image httpd, unless told otherwise. */
export const imagePrepared = (rest: Partial<ImageBuildPrepared> = {}): ImageBuildPrepared => ({
  ...{ type: 'ImageBuildPrepared', build: 1, attempt: 1, repository: 'container/httpd' },
  ...{ commit: 'abc', source: 'git://x/container/httpd?#abc', branch: 'f28', release: '5.17' },
  ...{ target: 'f28-container-candidate', originalNvr: 'httpd-1-5', rebuiltNvr: 'httpd-1-5.17' },
  ...{ parent: 'base-1-2.16', originalParent: 'base-1-2', arches: ['x86_64', 's390x'] },
  ...{ composes: [], at: '2026-11-22T16:40:00.000Z' },
  ...rest,
});
