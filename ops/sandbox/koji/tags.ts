import { openDocuments } from '../documents.ts';
import type { Store } from '../store.ts';
import type { Names } from './names.ts';
import { RAWHIDE } from './port.ts';

/** A build in a tag; `event` is when it came in. */
type Tagging = {
  readonly id: number;
  readonly tag: string;
  readonly buildId: number;
  readonly event: number;
  readonly active: boolean;
};

export type Tags = {
  readonly names: Names;
  /** False when it is there already. */
  readonly add: (tag: string, buildId: number) => boolean;
  readonly remove: (tag: string, buildId: number) => boolean;
  readonly ofBuild: (buildId: number) => ReadonlyArray<string>;
  /** Ids of the builds in a tag, most recently tagged first. */
  readonly buildsIn: (
    tag: string,
  ) => ReadonlyArray<{ readonly buildId: number; readonly event: number }>;
};

export const openTags = (store: Store, names: Names, nextEvent: () => number): Tags => {
  const documents = openDocuments<Tagging>(store, 'koji-tagging');
  const byTag = new Map<string, Map<number, Tagging>>();
  const byBuild = new Map<number, Set<string>>();
  const index = (tagging: Tagging): void => {
    const { tag, buildId } = tagging;
    const [builds, tags] = [
      byTag.get(tag) ?? new Map<number, Tagging>(),
      byBuild.get(buildId) ?? new Set<string>(),
    ];
    byTag.set(tag, builds);
    byBuild.set(buildId, tags);
    if (!tagging.active) {
      builds.delete(buildId);
      tags.delete(tag);
      return;
    }
    builds.set(buildId, tagging);
    tags.add(tag);
  };
  documents.all().forEach(index);
  const save = (tagging: Tagging): void => index(documents.save(tagging));
  return {
    names,
    add: (tag, buildId) => {
      if (byTag.get(tag)?.has(buildId) === true) return false;
      names.idOf(tag);
      save({ id: documents.nextId(), tag, buildId, event: nextEvent(), active: true });
      return true;
    },
    remove: (tag, buildId) => {
      const known = byTag.get(tag)?.get(buildId);
      if (known === undefined) return false;
      save({ ...known, active: false });
      return true;
    },
    ofBuild: (buildId) => [...(byBuild.get(buildId) ?? [])],
    buildsIn: (tag) =>
      [...(byTag.get(tag)?.values() ?? [])].toSorted(
        (a, b) => b.event - a.event || b.buildId - a.buildId,
      ),
  };
};

const STEPS = [
  ...['-updates-candidate', '-signing-pending', '-updates-testing-pending', '-updates-testing'],
  ...['-updates-pending', '-updates', '-modular-updates', '-modular', '-pending', ''],
  ...['-container-updates-candidate', '-container-updates', '-container', '-container-build'],
] as const;

/** The tags a release has from the beginning. */
export const tagsOfRelease = (release: string): ReadonlyArray<string> =>
  STEPS.map((step) => release + step);

/** Tags whose builds a tag has too, nearest first: `f28-updates` has those of `f28`. */
export const inherited = (tag: string): ReadonlyArray<string> => {
  const [, release, rest] = /^(f\d+)-(.+)$/.exec(tag) ?? [];
  if (release === undefined || rest === undefined) return [];
  if (rest === 'container-build') return [`${release}-updates`, release];
  if (rest.startsWith('container-updates-')) {
    return [`${release}-container-updates`, `${release}-container`];
  }
  if (rest === 'container-updates') return [`${release}-container`];
  if (rest === 'container') return [];
  return rest === 'updates' || rest === 'pending' ? [release] : [`${release}-updates`, release];
};

export type Target = { readonly build: string; readonly dest: string };

const destination = (release: string, isImage: boolean): string => {
  if (release === RAWHIDE) return isImage ? `${release}-container` : `${release}-pending`;
  return isImage ? `${release}-container-updates-candidate` : `${release}-updates-candidate`;
};

/** Where a build target builds and puts its results; undefined for one that does not exist. */
export const targetOf = (name: string, releases: ReadonlyArray<string>): Target | undefined => {
  const [, stem, container] = /^(f\d+|rawhide)(-container)?-candidate$/.exec(name) ?? [];
  const release = stem === 'rawhide' || name === 'rawhide' ? RAWHIDE : stem;
  if (release === undefined || !releases.includes(release)) return undefined;
  const isImage = container !== undefined;
  const build = isImage ? `${release}-container-build` : `${release}-build`;
  return { build, dest: destination(release, isImage) };
};
