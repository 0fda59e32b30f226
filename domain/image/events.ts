import * as t from 'io-ts';
import { Count, texts, textOrNull } from '../codec.ts';

/** One binary RPM of an image. */
export const ImageRpm = t.strict(
  {
    /** `name-version-release`. */
    nvr: t.string,
    /** Null where the header has none; compares as 0. */
    epoch: t.union([Count, t.null]),
    /** Name of the source package it was built from. */
    source: t.string,
  },
  'image rpm',
);
export type ImageRpm = t.TypeOf<typeof ImageRpm>;

/** A build finished that may be an image: Koji is to be asked what it holds. */
export const ImageBuildHeard = t.strict(
  { type: t.literal('ImageBuildHeard'), buildId: Count, nvr: t.string },
  'ImageBuildHeard',
);

/** Some of the RPMs of an image; they count when `ImageContentsRecorded` follows in the same append. */
export const ImageContentsPart = t.strict(
  {
    type: t.literal('ImageContentsPart'),
    buildId: Count,
    nvr: t.string,
    /** As in `ImageContentsRecorded`: of which image these are. */
    name: t.string,
    branch: textOrNull,
    part: Count,
    rpms: t.readonlyArray(ImageRpm),
  },
  'ImageContentsPart',
);

/** The image it was built FROM, by Koji's record. */
const ParentImage = t.strict({ nvr: t.string, buildId: Count }, 'parent image');

/** What one finished image build holds. Source: Koji, getBuild, listArchives and listRPMs. */
export const ImageContentsRecorded = t.strict(
  {
    type: t.literal('ImageContentsRecorded'),
    buildId: Count,
    nvr: t.string,
    /** Koji's name of the package, the first part of the NVR. */
    component: t.string,
    /** Its dist-git repository: namespace and name (`container/httpd`). */
    namespace: t.string,
    name: t.string,
    /** dist-git branch and target it was built for; null where Koji does not tell. */
    branch: textOrNull,
    target: textOrNull,
    commit: textOrNull,
    parent: t.union([ParentImage, t.null]),
    arches: texts,
    /** How many `ImageContentsPart` of this append hold the RPMs. */
    parts: Count,
    taskId: t.union([Count, t.null]),
    completedAt: textOrNull,
  },
  'ImageContentsRecorded',
);
export type ImageContentsRecorded = t.TypeOf<typeof ImageContentsRecorded>;

/** The build is none whose contents are kept: `not-an-image`, `missing`, `unreadable`. */
export const ImageBuildDismissed = t.strict(
  { type: t.literal('ImageBuildDismissed'), nvr: t.string, code: t.string, reason: t.string },
  'ImageBuildDismissed',
);

export const ImageEvent = t.union([
  ImageBuildHeard,
  ImageContentsPart,
  ImageContentsRecorded,
  ImageBuildDismissed,
]);
export type ImageEvent = t.TypeOf<typeof ImageEvent>;

/** What Koji says an image holds, whole; recorded in parts. */
export type ImageContents = Omit<ImageContentsRecorded, 'type' | 'parts'> & {
  readonly rpms: ReadonlyArray<ImageRpm>;
};
