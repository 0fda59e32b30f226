import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Distribution } from '../distribution/distribution.ts';
import {
  everInstalled,
  type ImageStream,
  type Installed,
  type PastBuild,
} from '../distribution/images.ts';
import { IMPORTED_AT, type DistGit } from '../git/dist-git.ts';
import type { Store } from '../store.ts';
import type { Book } from './book.ts';
import { ARCHES, binaryNames, rpmBuild } from './packages.ts';
import { imageBuild, newestImage } from './image-build.ts';
import { RAWHIDE, releaseOf, sigkeyOf, type Build } from './port.ts';
import { tagsOfRelease } from './tags.ts';
import { CLOSED } from './task.ts';
import { pullspecs } from './render.ts';

export type SeedDeps = {
  readonly store: Store;
  readonly book: Book;
  readonly distGit: DistGit;
  readonly distribution: Distribution;
  /** NVR of a package in the newest build of a module (`name:stream`). */
  readonly modularNvr: (module: string, source: string) => string | undefined;
};

const MONTH = 30 * 86_400_000;
const MINUTE = 60_000;

/** When the builds of an age were made: 0 is the newest. */
const timeOf = (age: number): number => IMPORTED_AT * 1000 - (age + 1) * MONTH;

const number = (release: string): string => release.slice(1);

/** How many builds of every package a release has: as many as its image with most builds. */
const depths = (images: ReadonlyArray<ImageStream>): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const { branch, past } of images) {
    const release = releaseOf(branch);
    found.set(release, Math.max(found.get(release) ?? 1, past.length + 1));
  }
  return found;
};

const made = (age: number, release: string) =>
  ({ at: timeOf(age) - 10 * MINUTE, took: MINUTE, sigkeys: [sigkeyOf(release)] }) as const;

const headOr = (distGit: DistGit, namespace: string, repo: string, branch: string): string =>
  distGit.head({ namespace, repo }, branch) ??
  createHash('sha1').update(`${namespace}/${repo}/${branch}`).digest('hex');

const tagOfAge = (release: string, oldest: boolean): string =>
  oldest || release === RAWHIDE ? release : `${release}-updates`;

type Packages = {
  readonly plain: (source: string, release: string, age: number) => Build | undefined;
  readonly modular: (installed: Installed, release: string) => Build | undefined;
};

/** Makes the packages that images hold: version after version, and those of modules once. */
const seedPackages = (deps: SeedDeps, images: ReadonlyArray<ImageStream>): Packages => {
  const { book, distribution, distGit } = deps;
  const names = binaryNames(distribution);
  const rpmsOf = (source: string): ReadonlyArray<string> => [...(names.get(source) ?? [source])];
  const known = new Map((distribution.sources ?? []).map((source) => [source.name, source]));
  const depth = depths(images);
  const nvrOf = (source: string, release: string, age: number): string => {
    const count = (depth.get(release) ?? 1) - age;
    const version = known.get(source)?.version ?? '1.0';
    return `${source}-${version}-${Math.max(1, count)}.fc${number(release)}`;
  };
  const modularOf = ({ source, module = '' }: Installed, release: string): string =>
    deps.modularNvr(module, source) ?? `${source}-1.0-1.module_${release}+1+00000000`;
  const save = (nvr: string, source: string, release: string, age: number, tag: string): void => {
    if (book.build(nvr) !== undefined) return;
    const epoch = known.get(source)?.epoch ?? null;
    const commit = headOr(distGit, 'rpms', source, release);
    const order = {
      nvr,
      epoch,
      source: `git+https://src.fedoraproject.org/rpms/${source}.git#${commit}`,
    };
    const build = rpmBuild(book, { ...order, ...made(age, release) }, rpmsOf(source));
    book.tags.add(tag, book.saveBuild(build).id);
  };
  for (const image of images) {
    const release = releaseOf(image.branch);
    for (const installed of everInstalled(image)) {
      const { source, module } = installed;
      if (module !== undefined) {
        const tag = release === RAWHIDE ? `${release}-modular` : `${release}-modular-updates`;
        save(modularOf(installed, release), source, release, 3, tag);
        continue;
      }
      for (let age = (depth.get(release) ?? 1) - 1; age >= 0; age--) {
        const oldest = age === (depth.get(release) ?? 1) - 1;
        save(nvrOf(source, release, age), source, release, age, tagOfAge(release, oldest));
      }
    }
  }
  return {
    plain: (source, release, age) => book.build(nvrOf(source, release, age)),
    modular: (installed, release) => book.build(modularOf(installed, release)),
  };
};

const own = (image: ImageStream, past: PastBuild | undefined): ReadonlyArray<Installed> => {
  const without = past?.without ?? [];
  return [...image.holds, ...(past?.held ?? [])].filter(({ rpm }) => !without.includes(rpm));
};

/** Parents before children; what is built FROM itself in a circle comes in the order of the list. */
const inOrder = (images: ReadonlyArray<ImageStream>): ReadonlyArray<ImageStream> => {
  const byName = new Map(images.map((image) => [`${image.name}:${image.branch}`, image]));
  const ordered = new Set<ImageStream>();
  const visit = (image: ImageStream | undefined, path: ReadonlyArray<ImageStream>): void => {
    if (image === undefined || path.includes(image)) return;
    visit(byName.get(image.from ?? ''), [...path, image]);
    ordered.add(image);
  };
  for (const image of images) visit(image, []);
  return [...ordered];
};

/** Who owns what was there from the beginning. */
export const IMPORTER = 'osbs';

const seedTask = ({ book }: SeedDeps, image: ImageStream, build: Build, source: string): void => {
  const release = releaseOf(image.branch);
  const stem = release === RAWHIDE ? 'rawhide' : release;
  const opts = { scratch: false, ...(image.branchTold ? { git_branch: image.branch } : {}) };
  const repositories = build.image === null ? [] : pullspecs(build, build.image);
  book.saveTask({
    ...{ id: build.image?.taskId ?? 0, request: [source, `${stem}-container-candidate`, opts] },
    ...{ owner: IMPORTER, state: CLOSED, states: [CLOSED], priority: 20, due: null, stuck: false },
    ...{ createdAt: build.startedAt, startedAt: build.startedAt, completedAt: build.completedAt },
    result: { value: { repositories, koji_builds: [String(build.id)] } },
  });
};

const seedImage = (
  deps: SeedDeps,
  packages: Packages,
  image: ImageStream,
  age: number,
  minute: number,
): void => {
  const { book, distGit } = deps;
  const [release, count] = [releaseOf(image.branch), image.past.length - age + 1];
  const [parentName = '', parentBranch = ''] = image.from?.split(':') ?? [];
  const commit = headOr(distGit, 'container', image.name, image.branch);
  const source = `git+https://src.fedoraproject.org/container/${image.name}.git#${commit}`;
  const completedAt = timeOf(age) + minute * MINUTE;
  const plan = {
    ...{ name: image.name, branch: image.branch, component: image.component, source },
    ...{ version: number(release), release: `${count}.${release}container`, owner: IMPORTER },
    parent: newestImage(book, parentName, parentBranch) ?? null,
    own: own(image, image.past[age - 1]),
    ...{ arches: ARCHES, taskId: book.nextId.task(), composeIds: [], repoUrls: [] },
    ...{ startedAt: completedAt - MINUTE, completedAt },
  };
  const build = imageBuild(book, plan, (installed) =>
    installed.module === undefined
      ? packages.plain(installed.source, release, age)
      : packages.modular(installed, release),
  );
  if (E.isLeft(build)) throw new Error(`${image.name}:${image.branch}: ${build.left}`);
  book.saveBuild(build.right);
  seedTask(deps, image, build.right, source);
  const tag = release === RAWHIDE ? `${release}-container` : `${release}-container-updates`;
  book.tags.add(tag, build.right.id);
};

/** Fills an empty Koji: the packages that images hold, and every image's builds, oldest first. */
export const seedKoji = (deps: SeedDeps): void => {
  const { book, distribution, store } = deps;
  const images = inOrder(distribution.images ?? []).filter(({ built }) => built);
  if (images.length === 0 || book.builds().length > 0) return;
  const oldest = Math.max(...images.map(({ past }) => past.length));
  store.atomically(() => {
    const releases = new Set([RAWHIDE, ...images.map(({ branch }) => releaseOf(branch))]);
    for (const tag of [...releases].flatMap(tagsOfRelease)) book.tags.names.idOf(tag);
    const packages = seedPackages(deps, images);
    for (let age = oldest; age >= 0; age--) {
      images.forEach((image, minute) => {
        if (image.past.length >= age) seedImage(deps, packages, image, age, minute);
      });
    }
  });
};
