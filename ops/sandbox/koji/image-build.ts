import * as E from 'fp-ts/lib/Either.js';
import type { Installed } from '../distribution/images.ts';
import type { Book } from './book.ts';
import type { Archive, Build, ImageOf, Rpm } from './port.ts';

/** What an image build is made of. Times are Unix milliseconds. */
export type ImagePlan = {
  /** Dist-git name and branch; component is Koji's name. */
  readonly name: string;
  readonly branch: string;
  readonly component: string;
  readonly version: string;
  readonly release: string;
  readonly source: string;
  readonly owner: string;
  readonly parent: Build | null;
  readonly own: ReadonlyArray<Installed>;
  readonly arches: ReadonlyArray<string>;
  readonly taskId: number;
  readonly composeIds: ReadonlyArray<number>;
  readonly repoUrls: ReadonlyArray<string>;
  readonly startedAt: number;
  readonly completedAt: number;
};

/** The package build that an RPM is installed from; undefined when nothing has it. */
export type Repository = (installed: Installed) => Build | undefined;

const REGISTRY = 'registry.fedoraproject.org';

/** The name by which one image is built FROM another. */
export const pullspecOf = (name: string, branch: string): string =>
  `${REGISTRY}/${branch}/${name}:latest`;

const rpmOf = (build: Build | undefined, name: string, arch: string): Rpm | undefined =>
  build?.rpms.find((rpm) => rpm.name === name && (rpm.arch === arch || rpm.arch === 'noarch'));

/** The RPM files of an image on one arch: its parent's, and its own in their place. */
const layers = (
  book: Book,
  { parent, own }: ImagePlan,
  arch: string,
  repository: Repository,
): E.Either<string, ReadonlyArray<number>> => {
  const below = parent?.image?.archives.find((archive) => archive.arch === arch);
  const byName = new Map(
    (below?.rpms ?? []).flatMap((id) => {
      const rpm = book.rpm(id);
      return rpm === undefined ? [] : [[rpm.name, id] as const];
    }),
  );
  for (const installed of own) {
    const rpm = rpmOf(repository(installed), installed.rpm, arch);
    if (rpm === undefined) return E.left(`No package ${installed.rpm}.${arch} available.`);
    byName.set(rpm.name, rpm.id);
  }
  return E.right([...byName.values()]);
};

const archivesOf = (
  book: Book,
  buildId: number,
  plan: ImagePlan,
  repository: Repository,
): E.Either<string, ReadonlyArray<Archive>> => {
  const archives: Array<Archive> = [];
  for (const arch of plan.arches) {
    const rpms = layers(book, plan, arch, repository);
    if (E.isLeft(rpms)) return rpms;
    const id = book.nextId.archive();
    const filename = `docker-image-sha256_${id.toString(16).padStart(8, '0')}.${arch}.tar.gz`;
    archives.push({ id, buildId, arch, filename, rpms: rpms.right });
  }
  return E.right(archives);
};

/** A build of an image with an archive for each arch; a text says what it could not install. */
export const imageBuild = (
  book: Book,
  plan: ImagePlan,
  repository: Repository,
): E.Either<string, Build> => {
  const id = book.nextId.build();
  const archives = archivesOf(book, id, plan, repository);
  if (E.isLeft(archives)) return archives;
  const { name, branch, parent, composeIds, repoUrls } = plan;
  const below = parent?.image;
  const pullspec = below == null ? '' : pullspecOf(below.name, below.branch);
  const image: ImageOf = {
    ...{ name, branch, archives: archives.right, taskId: plan.taskId, composeIds, repoUrls },
    parent: parent === null ? null : { id: parent.id, nvr: parent.nvr, pullspec },
  };
  const { component, version, release } = plan;
  return E.right({
    ...{ id, nvr: `${component}-${version}-${release}`, name: component, version, release },
    ...{ epoch: null, state: 1, source: plan.source, owner: plan.owner, taskId: null },
    ...{ startedAt: plan.startedAt, completedAt: plan.completedAt, event: book.nextId.event() },
    ...{ rpms: [], image },
  });
};

/** The newest complete build of an image on a branch. */
export const newestImage = (book: Book, name: string, branch: string): Build | undefined =>
  book
    .imagesOf(name, branch)
    .filter(({ state }) => state === 1)
    .at(-1);
