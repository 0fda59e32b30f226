import * as E from 'fp-ts/lib/Either.js';
import type { Bus } from './bus/bus.ts';
import { pagureReceive } from './bus/push-messages.ts';
import type { Component, Distribution } from './distribution/distribution.ts';
import type { DistGit } from './git/dist-git.ts';
import { pushChange, type Change } from './git/packager.ts';
import { NOTHING } from './git/push.ts';
import type { Spool } from './git/spool.ts';
import { releaseOf } from './koji/port.ts';
import { chance, pick } from './random.ts';
import type { Store } from './store.ts';
import type { UpdateOrder } from './updates/order.ts';
import type { Shipping } from './updates/shipping.ts';

type Deps = {
  readonly store: Store;
  readonly bus: Bus;
  readonly distGit: DistGit;
  readonly spool: Spool;
  readonly distribution: Distribution;
  readonly shipping: Shipping;
  readonly warn: (text: string) => void;
};

const PACKAGERS = ['ada', 'barbara', 'edsger', 'grace', 'ken', 'linus', 'margaret'] as const;

const heldPackages = ({ modules }: Distribution): ReadonlyArray<Component> =>
  modules.flatMap(({ holds }) => holds).filter(({ ref }) => !/^[0-9a-f]{40}$/.test(ref ?? ''));

const author = (tick: number): string => pick(PACKAGERS, 'author', tick) ?? 'ada';

const packageChange = (deps: Deps, tick: number): Change => {
  const held = pick(heldPackages(deps.distribution), 'package', tick);
  const branch = held?.ref ?? 'master';
  return { namespace: 'rpms', repo: held?.package ?? 'bash', branch, author: author(tick) };
};

const moduleChange = (deps: Deps, tick: number): Change => {
  const module = pick(deps.distribution.modules, 'module', tick);
  const [repo, branch] = [module?.name ?? 'foo', module?.stream ?? 'f28'];
  return { namespace: 'modules', repo, branch, author: author(tick) };
};

/** A push to somebody's fork: pagure tells of it, and it concerns nobody. */
const forkPush = (deps: Deps, tick: number): void => {
  const { namespace, repo, branch } = packageChange(deps, tick);
  const head = deps.distGit.head({ namespace, repo }, branch) ?? NOTHING;
  const newRev = chance('fork', tick).toString(16).slice(2).padEnd(40, 'f').slice(0, 40);
  const changedFiles = { [`${repo}.spec`]: 'M' };
  const push = { namespace, repo, branch, oldRev: head, newRev, commits: [], changedFiles };
  deps.bus.publish(pagureReceive({ ...push, agent: author(tick) }, author(tick)));
};

const imageChange = (deps: Deps, tick: number): Change | undefined => {
  const image = pick(deps.distribution.images ?? [], 'image', tick);
  if (image === undefined) return undefined;
  const { name, branch } = image;
  return { namespace: 'container', repo: name, branch, author: author(tick) };
};

/** An update of a package that images hold; every third gets no further than signed. */
const updateOrder = (deps: Deps, tick: number): UpdateOrder | undefined => {
  const image = pick(deps.distribution.images ?? [], 'update', tick);
  const held = pick(image?.holds.filter(({ module }) => module === undefined) ?? [], 'rpm', tick);
  if (image === undefined || held === undefined) return undefined;
  return {
    what: { type: 'rpm', packages: [held.source], version: undefined },
    ...{ release: releaseOf(image.branch), stage: tick % 3 === 0 ? 'signed' : 'stable' },
    ...{ form: tick % 2 === 0 ? 'old' : 'new', severity: 'unspecified', user: author(tick) },
    kind: pick(['bugfix', 'security', 'enhancement'], 'kind', tick) ?? 'bugfix',
  };
};

const ship = (deps: Deps, order: UpdateOrder): void => {
  const shipped = deps.shipping.ship(order);
  if (E.isLeft(shipped)) deps.warn(shipped.left);
};

const changeAt = (deps: Deps, tick: number): Change => {
  const image = tick % 13 === 0 ? imageChange(deps, tick) : undefined;
  if (image !== undefined) return image;
  if (tick % 11 === 0) return moduleChange(deps, tick);
  const readme = tick % 7 === 0 ? { file: 'README.md', message: 'Explain the package' } : {};
  const bugfix = { message: `Fix rhbz#${2_000_000 + tick}` };
  return { ...packageChange(deps, tick), ...bugfix, ...readme };
};

const act = async (deps: Deps, tick: number): Promise<void> => {
  if (tick % 9 === 0) return forkPush(deps, tick);
  const order = tick % 4 === 0 ? updateOrder(deps, tick) : undefined;
  if (order !== undefined) return ship(deps, order);
  const pushed = await pushChange(deps.distGit, deps.spool, changeAt(deps, tick));
  if (typeof pushed === 'string') deps.warn(pushed);
};

/** Packagers at work: something happens every so many seconds. The tale goes on after a restart. */
export const startPace = (deps: Deps, seconds: number): { readonly stop: () => Promise<void> } => {
  let working = Promise.resolve();
  const tell = (): void => {
    const tick = Number(deps.store.setting('tick') ?? 0) + 1;
    deps.store.set('tick', String(tick));
    working = working
      .then(async () => act(deps, tick))
      .catch((error: unknown) => deps.warn(`A change could not be made: ${String(error)}`));
  };
  const timer = seconds > 0 ? setInterval(tell, seconds * 1000) : undefined;
  return {
    stop: async () => {
      clearInterval(timer);
      await working;
    },
  };
};
