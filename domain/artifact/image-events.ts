import * as t from 'io-ts';
import { Count, texts, textOrNull } from '../codec.ts';

/** One disposable repository a build is made with. */
const UsedCompose = t.strict(
  { trigger: t.string, id: Count, repofile: textOrNull },
  'used compose',
);

/** Exactly what this attempt asks Koji for: commit, target, release, parent and composes. */
export const ImageBuildPrepared = t.strict(
  {
    type: t.literal('ImageBuildPrepared'),
    build: Count,
    attempt: Count,
    /** Namespace and name in dist-git: `container/httpd`. */
    repository: t.string,
    commit: t.string,
    /** What Koji is told to build. */
    source: t.string,
    target: t.string,
    branch: t.string,
    /** Unique to the attempt. */
    release: t.string,
    /** The newest build of the image before this one; null when there is none on record. */
    originalNvr: textOrNull,
    rebuiltNvr: textOrNull,
    /** NVR of the parent image to build on in place of FROM; null leaves it to FROM. */
    parent: textOrNull,
    /** NVR of the parent the original was built on. */
    originalParent: textOrNull,
    arches: texts,
    composes: t.readonlyArray(UsedCompose),
    at: t.string,
  },
  'ImageBuildPrepared',
);
export type ImageBuildPrepared = t.TypeOf<typeof ImageBuildPrepared>;

/** The build in Koji that the attempt's task made. */
export const ImageBuilt = t.strict(
  {
    type: t.literal('ImageBuilt'),
    build: Count,
    attempt: Count,
    kojiBuildId: Count,
    nvr: t.string,
    at: t.string,
  },
  'ImageBuilt',
);
