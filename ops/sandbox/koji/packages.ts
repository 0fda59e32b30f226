import type { Distribution } from '../distribution/distribution.ts';
import { everInstalled } from '../distribution/images.ts';
import type { Book } from './book.ts';
import { splitNvr } from './evr.ts';
import type { Build, BuildState, NewRpmBuild, Rpm } from './port.ts';

export const ARCHES = ['x86_64', 'aarch64'] as const;

/** Package → its binary RPMs, as far as the distribution names them. */
export const binaryNames = (
  distribution: Distribution,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const names = new Map<string, Set<string>>();
  const note = (source: string, rpm: string): void => {
    names.set(source, (names.get(source) ?? new Set()).add(rpm));
  };
  for (const { name, rpms } of distribution.sources ?? []) {
    for (const rpm of rpms) note(name, rpm);
  }
  for (const { rpm, source } of (distribution.images ?? []).flatMap(everInstalled)) {
    note(source, rpm);
  }
  return names;
};

const filesOf = (source: string, rpms: ReadonlyArray<string>): ReadonlyArray<[string, string]> => [
  [source, 'src'],
  ...ARCHES.flatMap((arch) =>
    [...rpms, `${source}-debuginfo`, `${source}-debugsource`].map((name): [string, string] => [
      name,
      arch,
    ]),
  ),
];

export type Made = NewRpmBuild & {
  readonly at: number;
  readonly took: number;
  readonly sigkeys: ReadonlyArray<string>;
  readonly state?: BuildState;
};

/** A build of a package with its source RPM, and for each arch its binaries and debug RPMs. */
export const rpmBuild = (book: Book, made: Made, rpms: ReadonlyArray<string>): Build => {
  const parts = splitNvr(made.nvr);
  if (parts === undefined) throw new TypeError(`"${made.nvr}" is no name-version-release`);
  const id = book.nextId.build();
  const { version, release } = parts;
  const epoch = made.epoch ?? null;
  const files = filesOf(parts.name, rpms).map(([name, arch]): Rpm => ({
    ...{ id: book.nextId.rpm(), buildId: id, name, version, release, epoch, arch },
    sigkeys: made.sigkeys,
  }));
  return {
    ...{ id, nvr: made.nvr, ...parts, epoch, state: made.state ?? 1 },
    ...{ source: made.source ?? null, owner: made.owner ?? 'packager', taskId: 30_000_000 + id },
    ...{ startedAt: made.at - made.took, completedAt: made.at, event: book.nextId.event() },
    ...{ rpms: files, image: null },
  };
};
