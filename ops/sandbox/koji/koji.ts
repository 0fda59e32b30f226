import type { BusMessage, Bus } from '../bus/bus.ts';
import type { Distribution } from '../distribution/distribution.ts';
import type { Store } from '../store.ts';
import type { Book } from './book.ts';
import { compareEvr, splitNvr } from './evr.ts';
import { signed, stateChange, tagging } from './messages.ts';
import { binaryNames, rpmBuild } from './packages.ts';
import type { Build, Koji, NewRpmBuild, Rpm } from './port.ts';
import { shownBuild, shownRpm, sigHash } from './render.ts';

type Deps = {
  readonly store: Store;
  readonly book: Book;
  readonly bus: Pick<Bus, 'publish'>;
  readonly distribution: Distribution;
};

const BUILD_TOOK = 60_000;

/** The newest of these by epoch, version and release; of equals the one built last. */
export const newestOf = (builds: ReadonlyArray<Build>): Build | undefined =>
  builds.toSorted((a, b) => compareEvr(a, b) || a.id - b.id).at(-1);

/** Complete builds of a package that are in any of these tags. */
export const buildsIn = (
  book: Book,
  tags: ReadonlyArray<string>,
  source: string,
): ReadonlyArray<Build> =>
  book.buildsOf(source).filter(({ id, state }) => {
    return state === 1 && book.tags.ofBuild(id).some((tag) => tags.includes(tag));
  });

const signing = (book: Book, build: Build, rpm: Rpm, sigkey: string): BusMessage =>
  signed(
    build,
    { sigkey, sighash: sigHash(rpm, sigkey) },
    { build: shownBuild(book, build), rpm: shownRpm(build, rpm) },
  );

const openTagging = ({ store, book, bus }: Deps): Pick<Koji, 'tagBuild' | 'untagBuild'> => {
  const move = (topic: 'buildsys.tag' | 'buildsys.untag', tag: string, nvr: string): boolean => {
    const build = book.build(nvr);
    if (build === undefined) return false;
    return store.atomically(() => {
      const change = topic === 'buildsys.tag' ? book.tags.add : book.tags.remove;
      if (!change(tag, build.id)) return false;
      bus.publish(tagging(topic, build, { id: book.tags.names.idOf(tag), name: tag }));
      return true;
    });
  };
  return {
    tagBuild: (tag, nvr) => move('buildsys.tag', tag, nvr),
    untagBuild: (tag, nvr) => move('buildsys.untag', tag, nvr),
  };
};

/** Koji's records and what can be done to them; each change is written and told together. */
export const openKoji = (deps: Deps): Koji => {
  const { store, book, bus, distribution } = deps;
  const names = binaryNames(distribution);
  const rpmNames = (source: string): ReadonlyArray<string> => [
    ...(names.get(source) ?? new Set([source])),
  ];
  const { tagBuild, untagBuild } = openTagging(deps);
  const epochOf = (nvr: string): number | null => {
    const name = splitNvr(nvr)?.name ?? '';
    return distribution.sources?.find((source) => source.name === name)?.epoch ?? null;
  };
  const add = (order: NewRpmBuild): Build => {
    const rpms = order.rpms ?? rpmNames(splitNvr(order.nvr)?.name ?? '');
    const made = { epoch: epochOf(order.nvr), ...order, at: Date.now(), took: BUILD_TOOK };
    const build = book.saveBuild(rpmBuild(book, { ...made, sigkeys: [] }, rpms));
    bus.publish(stateChange(build, null, 0));
    bus.publish(stateChange(build, 0, 1));
    for (const tag of order.tags ?? []) tagBuild(tag, build.nvr);
    return build;
  };
  const sign = (build: Build, sigkey: string): ReadonlyArray<Rpm> => {
    const bare = build.rpms.filter(({ sigkeys }) => !sigkeys.includes(sigkey));
    const rpms = build.rpms.map((rpm) =>
      bare.includes(rpm) ? { ...rpm, sigkeys: [...rpm.sigkeys, sigkey] } : rpm,
    );
    book.saveBuild({ ...build, rpms });
    for (const rpm of bare) bus.publish(signing(book, build, rpm, sigkey));
    return bare;
  };
  return {
    addRpmBuild: (order) => store.atomically(() => book.build(order.nvr) ?? add(order)),
    ...{ tagBuild, untagBuild, rpmNames },
    signBuild: (nvr, sigkey) => {
      const build = book.build(nvr);
      return build === undefined ? [] : store.atomically(() => sign(build, sigkey));
    },
    buildOf: book.build,
    tagsOf: (nvr) => book.tags.ofBuild(book.build(nvr)?.id ?? 0),
    newestIn: (tags, source) => newestOf(buildsIn(book, tags, source)),
    imageBuilds: () => book.builds().filter(({ image }) => image !== null),
    imageNames: () => (distribution.images ?? []).map(({ name, branch }) => `${name}:${branch}`),
  };
};
