import * as E from 'fp-ts/lib/Either.js';
import type { DistGit } from '../git/dist-git.ts';
import { RAWHIDE, type Build, type Koji } from '../koji/port.ts';
import { READY, type Row } from '../mbs/row.ts';
import type { Rows } from '../mbs/rows.ts';
import type { UpdateOrder } from './order.ts';
import type { Shipped } from './update.ts';

export type BuildDeps = {
  readonly koji: Koji;
  readonly rows: Rows;
  readonly distGit: DistGit;
};

/** Tags in which a newer build of a package may be. */
const allTags = (release: string): ReadonlyArray<string> => [
  ...[release, `${release}-updates`, `${release}-updates-pending`, `${release}-pending`],
  ...[`${release}-updates-candidate`, `${release}-signing-pending`],
  ...[`${release}-updates-testing-pending`, `${release}-updates-testing`],
];

const distOf = (release: string): string => `fc${release.slice(1)}`;

const firstNumber = (text: string): number => Number(/^\d+/.exec(text)?.[0] ?? 0);

const sourceOf = ({ distGit }: BuildDeps, repo: string, release: string): string => {
  const branch = release === RAWHIDE ? 'master' : release;
  const head = distGit.head({ namespace: 'rpms', repo }, branch) ?? '0'.repeat(40);
  return `git+https://src.fedoraproject.org/rpms/${repo}.git#${head}`;
};

type Wanted = {
  readonly name: string;
  readonly release: string;
  /** `version` or `version-release`; undefined means the next release of the newest. */
  readonly version: string | undefined;
};

/** The NVR that comes next for a package; with a version given, its first release that is free. */
const nextNvr = (koji: Koji, wanted: Wanted, newest: Build | undefined): string => {
  const dist = distOf(wanted.release);
  const [version = '1.0', exact] = (wanted.version ?? newest?.version ?? '1.0').split('-');
  const stem = `${wanted.name}-${version}`;
  if (exact !== undefined) return `${stem}-${exact.includes('.fc') ? exact : `${exact}.${dist}`}`;
  let number = newest?.version === version ? firstNumber(newest.release) + 1 : 1;
  while (koji.buildOf(`${stem}-${number}.${dist}`) !== undefined) number += 1;
  return `${stem}-${number}.${dist}`;
};

const buildPackage = (deps: BuildDeps, wanted: Wanted): E.Either<string, Shipped> => {
  const { koji } = deps;
  const { name, release } = wanted;
  const newest = koji.newestIn(allTags(release), name);
  const nvr = nextNvr(koji, wanted, newest);
  if (koji.buildOf(nvr) !== undefined) {
    return E.left(`Koji has ${nvr} already; name another "version".`);
  }
  const known = newest === undefined ? {} : { epoch: newest.epoch };
  const { epoch } = koji.addRpmBuild({ nvr, ...known, source: sourceOf(deps, name, release) });
  return E.right({ nvr, epoch, type: 'rpm', builds: [nvr] });
};

const newestReady = (
  rows: Rows,
  name: string,
  stream: string,
  release: string,
): Row | undefined => {
  const ready = rows.ofStream(name, stream).filter(({ state }) => state === READY);
  const ofRelease = ready.filter((row) => row.buildrequires['platform']?.stream === release);
  return (ofRelease.length > 0 ? ofRelease : ready).toSorted((a, b) => b.id - a.id)[0];
};

/** The newest ready build of a module, its RPMs built in Koji and in the module's own tag. */
const buildModule = (
  { koji, rows }: BuildDeps,
  name: string,
  stream: string,
  release: string,
): E.Either<string, Shipped> => {
  const row = newestReady(rows, name, stream, release);
  if (row === undefined) {
    return E.left(`MBS has no ready build of ${name}:${stream}; GET /sandbox/rows lists them.`);
  }
  for (const component of row.components) {
    if (koji.buildOf(component.nvr) !== undefined) continue;
    const source = `git+https://src.fedoraproject.org/rpms/${component.package}.git#${component.ref}`;
    koji.addRpmBuild({ nvr: component.nvr, source, tags: [row.koji_tag ?? ''] });
  }
  const nvr = `${name}-${stream.replaceAll('-', '_')}-${row.version}.${row.context}`;
  const builds = row.components.map((component) => component.nvr);
  return E.right({ nvr, epoch: null, type: 'module', builds });
};

/** Builds what an update ships. */
export const buildFor = (
  deps: BuildDeps,
  { what, release }: Pick<UpdateOrder, 'what' | 'release'>,
): E.Either<string, ReadonlyArray<Shipped>> => {
  if (what.type === 'module') {
    const built = buildModule(deps, what.name, what.stream, release);
    return E.isLeft(built) ? built : E.right([built.right]);
  }
  const shipped: Array<Shipped> = [];
  for (const name of what.packages) {
    const built = buildPackage(deps, { name, release, version: what.version });
    if (E.isLeft(built)) return built;
    shipped.push(built.right);
  }
  return E.right(shipped);
};
