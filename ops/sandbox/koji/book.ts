import { openDocuments } from '../documents.ts';
import type { Store } from '../store.ts';
import { openNames, type Names } from './names.ts';
import type { Archive, Build, Rpm } from './port.ts';
import { openTags, type Tags } from './tags.ts';
import type { Task } from './task.ts';

/** Everything Koji has written down. */
export type Book = {
  readonly users: Names;
  readonly packages: Names;
  readonly tags: Tags;
  /** By id ascending. */
  readonly builds: () => ReadonlyArray<Build>;
  readonly build: (idOrNvr: number | string) => Build | undefined;
  readonly buildsOf: (packageName: string) => ReadonlyArray<Build>;
  /** Builds of an image, by its dist-git name and branch. */
  readonly imagesOf: (name: string, branch: string) => ReadonlyArray<Build>;
  readonly saveBuild: (build: Build) => Build;
  readonly rpm: (id: number) => Rpm | undefined;
  readonly archive: (id: number) => Archive | undefined;
  readonly tasks: () => ReadonlyArray<Task>;
  readonly task: (id: number) => Task | undefined;
  readonly saveTask: (task: Task) => Task;
  readonly nextId: Readonly<Record<'build' | 'rpm' | 'archive' | 'task' | 'event', () => number>>;
  readonly lastEvent: () => number;
};

const FIRST = { build: 900_001, rpm: 8_000_001, archive: 50_001, task: 20_000_001 } as const;

const counter = (
  first: number,
): { readonly next: () => number; readonly seen: (n: number) => void } => {
  let last = first - 1;
  return { next: () => ++last, seen: (n) => void (last = Math.max(last, n)) };
};

const note = (index: Map<string, Set<number>>, key: string, id: number): void => {
  index.set(key, (index.get(key) ?? new Set()).add(id));
};

/** Koji's builds, tasks, tags and names, in memory and in the store. */
export const openBook = (store: Store): Book => {
  const builds = openDocuments<Build>(store, 'koji-build', FIRST.build);
  const tasks = openDocuments<Task>(store, 'koji-task', FIRST.task);
  const byNvr = new Map<string, number>();
  const byPackage = new Map<string, Set<number>>();
  const byImage = new Map<string, Set<number>>();
  const rpms = new Map<number, Rpm>();
  const archives = new Map<number, Archive>();
  const [rpmIds, archiveIds, events] = [counter(FIRST.rpm), counter(FIRST.archive), counter(1)];
  const index = (build: Build): void => {
    byNvr.set(build.nvr, build.id);
    note(byPackage, build.name, build.id);
    if (build.image !== null) note(byImage, `${build.image.name}:${build.image.branch}`, build.id);
    events.seen(build.event);
    for (const rpm of build.rpms) {
      rpms.set(rpm.id, rpm);
      rpmIds.seen(rpm.id);
    }
    for (const archive of build.image?.archives ?? []) {
      archives.set(archive.id, archive);
      archiveIds.seen(archive.id);
    }
  };
  builds.all().forEach(index);
  events.seen(Number(store.setting('koji-event') ?? 0));
  const nextEvent = (): number => {
    const event = events.next();
    store.set('koji-event', String(event));
    return event;
  };
  const build = (idOrNvr: number | string): Build | undefined =>
    builds.get(typeof idOrNvr === 'number' ? idOrNvr : (byNvr.get(idOrNvr) ?? 0));
  const among = (ids: ReadonlySet<number> | undefined): ReadonlyArray<Build> =>
    [...(ids ?? [])].flatMap((id) => build(id) ?? []);
  return {
    users: openNames(store, 'koji-user'),
    packages: openNames(store, 'koji-package'),
    tags: openTags(store, openNames(store, 'koji-tag'), nextEvent),
    builds: builds.all,
    build,
    buildsOf: (name) => among(byPackage.get(name)),
    imagesOf: (name, branch) => among(byImage.get(`${name}:${branch}`)),
    saveBuild: (saved) => {
      index(builds.save(saved));
      return saved;
    },
    rpm: (id) => rpms.get(id),
    archive: (id) => archives.get(id),
    tasks: tasks.all,
    task: tasks.get,
    saveTask: tasks.save,
    nextId: {
      ...{ build: builds.nextId, task: tasks.nextId, event: nextEvent },
      ...{ rpm: rpmIds.next, archive: archiveIds.next },
    },
    lastEvent: () => Number(store.setting('koji-event') ?? 1),
  };
};
