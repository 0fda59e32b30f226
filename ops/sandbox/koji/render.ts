import { createHash } from 'node:crypto';
import type { Book } from './book.ts';
import type { Archive, Build, ImageOf, Rpm } from './port.ts';
import { timeText } from './times.ts';
import type { Struct, Value } from './value.ts';

const md5 = (...words: ReadonlyArray<string | number>): string =>
  createHash('md5').update(words.join('\0')).digest('hex');

const sha256 = (...words: ReadonlyArray<string | number>): string =>
  `sha256:${createHash('sha256').update(words.join('\0')).digest('hex')}`;

const REGISTRY = 'candidate-registry.fedoraproject.org';

/** Where an image lies in the registry: by its tag, and by its digest. */
export const pullspecs = (build: Build, image: ImageOf): ReadonlyArray<string> => {
  const place = `${REGISTRY}/${image.branch}/${image.name}`;
  return [`${place}:${build.version}-${build.release}`, `${place}@${sha256('index', build.nvr)}`];
};

const MEDIA = 'application/vnd.docker.distribution.manifest';

const parentFields = ({ parent }: ImageOf): Struct =>
  parent === null
    ? { parent_build_id: null, parent_images: [], parent_image_builds: {} }
    : {
        parent_build_id: parent.id,
        parent_images: [parent.pullspec],
        parent_image_builds: { [parent.pullspec]: { id: parent.id, nvr: parent.nvr } },
      };

const odcsFields = ({ composeIds }: ImageOf): Struct =>
  composeIds.length === 0
    ? {}
    : { odcs: { compose_ids: composeIds, signing_intent: null, signing_intent_overridden: false } };

const imageExtra = (build: Build, image: ImageOf): Struct => ({
  submitter: 'osbs',
  image: {
    media_types: [`${MEDIA}.list.v2+json`, `${MEDIA}.v1+json`, `${MEDIA}.v2+json`],
    help: null,
    index: {
      pull: pullspecs(build, image).toReversed(),
      digests: { [`${MEDIA}.list.v2+json`]: sha256('index', build.nvr) },
      tags: [`${build.version}-${build.release}`],
    },
    ...{ autorebuild: false, isolated: false, yum_repourls: image.repoUrls },
    ...parentFields(image),
    ...odcsFields(image),
  },
  container_koji_task_id: image.taskId,
});

const extraOf = (build: Build): Value => {
  if (build.image !== null) return imageExtra(build, build.image);
  return build.source === null ? null : { source: { original_url: build.source } };
};

const UNPROMOTED = { promoter_id: null, promoter_name: null, promotion_time: null } as const;
const VOLUME = { volume_id: 0, volume_name: 'DEFAULT' } as const;

const common = (book: Book, build: Build): Struct => ({
  ...{ build_id: build.id, completion_time: timeText(build.completedAt) },
  ...{ creation_event_id: build.event, creation_time: timeText(build.startedAt), draft: false },
  ...{ epoch: build.epoch, name: build.name, nvr: build.nvr },
  ...{ owner_id: book.users.idOf(build.owner), owner_name: build.owner },
  ...{ package_id: book.packages.idOf(build.name), package_name: build.name },
  ...{ ...UNPROMOTED, release: build.release, start_time: timeText(build.startedAt) },
  ...{ state: build.state, task_id: build.image === null ? build.taskId : null },
  ...{ version: build.version, ...VOLUME },
});

/** One entry of listBuilds. */
export const listedBuild = (book: Book, build: Build): Struct => ({
  ...common(book, build),
  ...{ completion_ts: build.completedAt / 1000, creation_ts: build.startedAt / 1000 },
  ...{ start_ts: build.startedAt / 1000, promotion_ts: null },
  ...{ source: build.source, extra: extraOf(build) },
});

/** The answer to getBuild. */
export const shownBuild = (book: Book, build: Build): Struct => ({
  ...listedBuild(book, build),
  ...{ id: build.id, cg_id: null, cg_name: null },
});

/** One entry of listTagged. */
export const taggedBuild = (book: Book, build: Build, tag: string, event: number): Struct => ({
  ...common(book, build),
  ...{ id: build.id, create_event: event, tag_id: book.tags.names.idOf(tag), tag_name: tag },
});

const sizeOf = (...words: ReadonlyArray<string | number>): number =>
  2_999_990_000 + (createHash('md5').update(words.join()).digest()[0] ?? 0);

/** An RPM file as listTaggedRPMS has it. */
export const taggedRpm = (build: Build, rpm: Rpm): Struct => ({
  ...{ arch: rpm.arch, build_id: rpm.buildId, buildroot_id: null },
  ...{ buildtime: Math.floor(build.completedAt / 1000), draft: false, epoch: rpm.epoch },
  ...{ id: rpm.id, metadata_only: false, name: rpm.name, payloadhash: md5('payload', rpm.id) },
  ...{ release: rpm.release, size: sizeOf(rpm.name, rpm.arch), version: rpm.version },
});

/** An RPM file as listRPMs has it. */
export const shownRpm = (build: Build, rpm: Rpm): Struct => ({
  ...taggedRpm(build, rpm),
  ...{ external_repo_id: 0, external_repo_name: 'INTERNAL', extra: null },
  nvr: `${rpm.name}-${rpm.version}-${rpm.release}`,
});

export const sigHash = (rpm: Rpm, sigkey: string): string => md5('header', rpm.id, sigkey);

const dockerOf = (build: Build, image: ImageOf, archive: Archive): Struct => ({
  id: sha256('image', archive.id),
  parent_id: image.parent === null ? null : sha256('image', image.parent.nvr, archive.arch),
  repositories: pullspecs(build, image),
  tags: [`${build.version}-${build.release}`],
});

const TAR = {
  ...{ compression_type: 'tar', type_description: 'Tar file', type_id: 4, type_name: 'tar' },
  type_extensions: 'tar tar.gz tar.bz2 tar.xz tgz',
} as const;

/** An archive as getArchive and listArchives have it; `arch` comes with type image only. */
export const shownArchive = (build: Build, image: ImageOf, archive: Archive): Struct => ({
  ...{ arch: archive.arch, btype: 'image', btype_id: 4, build_id: build.id, buildroot_id: 1 },
  ...{ checksum: md5('archive', archive.id), checksum_type: 0, ...TAR },
  extra: { image: { arch: archive.arch }, docker: dockerOf(build, image, archive) },
  ...{ filename: archive.filename, id: archive.id, metadata_only: false, size: 100_000_000 },
});
