import { setTimeout as pause } from 'node:timers/promises';

type World = {
  readonly modules: ReadonlyArray<{
    readonly components: ReadonlyArray<{ readonly package: string; readonly ref: string }>;
  }>;
  readonly images: ReadonlyArray<{
    readonly branch: string;
    readonly packages: ReadonlyArray<{ readonly source: string }>;
  }>;
};

export type Load = {
  /** Orders the sandbox has taken so far. */
  readonly taken: () => number;
  readonly stop: () => Promise<void>;
};

/** The same numbers for the same seed (mulberry32), so that a run can be repeated. */
export const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const pick = <A>(list: ReadonlyArray<A>, random: () => number): A => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('the sandbox shows an empty world');
  return found;
};

type Order = { readonly path: string; readonly body: Readonly<Record<string, unknown>> };

type Module = World['modules'][number];

/** A component may be tied to a commit, and then no change of a branch concerns it. */
const isBranch = ({ ref }: Module['components'][number]): boolean => !/^[0-9a-f]{40}$/u.test(ref);
const isTracking = ({ components }: Module): boolean => components.some(isBranch);

const orderOf = (world: World, random: () => number): Order => {
  if (random() < 0.25) {
    const image = pick(world.images, random);
    const release = image.branch === 'master' ? 'rawhide' : image.branch;
    const stage = random() < 0.5 ? 'signed' : 'stable';
    const { source } = pick(image.packages, random);
    return { path: '/sandbox/update', body: { package: source, release, stage } };
  }
  const held = pick(world.modules.filter(isTracking), random).components.filter(isBranch);
  const { package: repo, ref: branch } = pick(held, random);
  return { path: '/sandbox/commit', body: { namespace: 'rpms', repo, branch } };
};

/** Has packagers change things in the sandbox, one after another; an order that fails is given up. */
export const startLoad = async (url: string, every: number, seed: number): Promise<Load> => {
  const random = randomOf(seed);
  const world = (await (await fetch(`${url}/sandbox/world`)).json()) as World;
  const stopping = new AbortController();
  const { signal } = stopping;
  let taken = 0;
  const give = async (): Promise<void> => {
    const { path, body } = orderOf(world, random);
    const limit = AbortSignal.timeout(10_000);
    const options = { method: 'POST', body: JSON.stringify(body), signal: limit };
    const answer = await fetch(url + path, options);
    if (answer.ok) taken += 1;
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await give().catch(() => undefined); // the sandbox is among the victims
      await pause(every, undefined, { signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    taken: () => taken,
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};
