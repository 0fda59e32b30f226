import type { Bus } from './bus/bus.ts';
import { pagureReceive } from './bus/push-messages.ts';
import type { Component, Distribution } from './distribution/distribution.ts';
import type { DistGit } from './git/dist-git.ts';
import { pushChange, type Change } from './git/packager.ts';
import { NOTHING } from './git/push.ts';
import type { Spool } from './git/spool.ts';
import { chance, pick } from './random.ts';
import type { Store } from './store.ts';

type Deps = {
  readonly store: Store;
  readonly bus: Bus;
  readonly distGit: DistGit;
  readonly spool: Spool;
  readonly distribution: Distribution;
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

const act = async (deps: Deps, tick: number): Promise<void> => {
  if (tick % 9 === 0) return forkPush(deps, tick);
  const readme = tick % 7 === 0 ? { file: 'README.md', message: 'Explain the package' } : {};
  const bugfix = { message: `Fix rhbz#${2_000_000 + tick}` };
  const change =
    tick % 11 === 0
      ? moduleChange(deps, tick)
      : { ...packageChange(deps, tick), ...bugfix, ...readme };
  const pushed = await pushChange(deps.distGit, deps.spool, change);
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
