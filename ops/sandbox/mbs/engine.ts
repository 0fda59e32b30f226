import * as E from 'fp-ts/lib/Either.js';
import { bridgedMessage, type Bus } from '../bus/bus.ts';
import type { Misbehaviour } from '../control/misbehaviour.ts';
import type { DistGit } from '../git/dist-git.ts';
import { chance } from '../random.ts';
import type { Store } from '../store.ts';
import { completedModulemd, readModulemd, resolvedRef, type ModuleFile } from './modulemd.ts';
import type { Draft } from './new-rows.ts';
import { messageRow } from './render.ts';
import * as state from './row.ts';
import type { ComponentBuild, Row } from './row.ts';
import type { Rows } from './rows.ts';

export type Pacing = {
  /** How long a build is in state build, in milliseconds. */
  readonly buildTime: number;
  /** How long it is in init, wait and done. */
  readonly stepTime: number;
  /** The share of builds that fail of themselves, 0 to 1. */
  readonly failRate: number;
};

export type Engine = {
  /** Saves a new build and sets it going. */
  readonly begin: (draft: Draft) => Row;
  /** Wakes a failed build: the same id, from init. */
  readonly resume: (row: Row, owner: string) => Row;
  /** Moves a build to a state, now. */
  readonly move: (row: Row, to: number, reason: string | null) => Row;
  readonly close: () => void;
};

type Deps = {
  readonly store: Store;
  readonly rows: Rows;
  readonly bus: Bus;
  readonly distGit: DistGit;
  readonly misbehaviour: Misbehaviour;
  readonly pacing: Pacing;
};

const traced = (row: Row, to: number, reason: string | null): Row => {
  const time = state.zulu(new Date());
  const entry = { reason, state: to, state_name: state.stateName(to), time };
  const ends = to === state.DONE || to === state.FAILED;
  return {
    ...row,
    state: to,
    state_reason: reason,
    state_trace: [...row.state_trace, entry],
    time_modified: time,
    time_completed: ends ? time : row.time_completed,
  };
};

const announce = ({ bus, misbehaviour }: Deps, row: Row): void => {
  if (misbehaviour.take('no-messages', row) !== undefined) return;
  const message = bridgedMessage('mbs.module.state.change', messageRow(row));
  bus.publish(message);
  if (misbehaviour.take('duplicate-messages', row) !== undefined) bus.publish(message);
};

const delayIn = ({ pacing }: Deps, row: Row): number | null => {
  if (row.state === state.FAILED || row.state === state.READY) return null;
  if (row.state !== state.BUILD) return pacing.stepTime;
  return row.stuck ? null : pacing.buildTime;
};

type Refs = Readonly<Record<string, { readonly ref: string }>>;

const resolveRefs = ({ distGit }: Deps, file: ModuleFile): E.Either<string, Refs> => {
  const refs: Array<readonly [string, { readonly ref: string }]> = [];
  for (const { key, package: repo, ref } of file.components) {
    const hash = /^[0-9a-f]{40}$/.test(ref);
    const head = hash ? ref : distGit.head({ namespace: 'rpms', repo }, ref);
    if (head === undefined) return E.left(`Failed to get the latest commit for ${repo}#${ref}`);
    refs.push([key, { ref: head }]);
  }
  return E.right(Object.fromEntries(refs));
};

const fileOf = ({ id, modulemd }: Row): ModuleFile => {
  const file = readModulemd(modulemd);
  if (E.isLeft(file)) throw new Error(`module build ${id} holds no modulemd: ${file.left}`);
  return file.right;
};

/** init → wait: the components' branches become commits, and the build gets its tag. */
const resolve = (deps: Deps, row: Row): Row => {
  const file = fileOf(row);
  const refs = resolveRefs(deps, file);
  if (E.isLeft(refs)) return traced(row, state.FAILED, refs.left);
  const [block = { buildrequires: {}, requires: {} }] = file.dependencies;
  const notes = {
    ...{ buildrequires: row.buildrequires, commit: row.commit, mse: true },
    ...{ rpms: refs.right, scmurl: row.scmurl },
  };
  const modulemd = completedModulemd(file, row, block, notes);
  const koji_tag = `module-${row.name}-${row.stream}-${row.version}-${row.context}`;
  return { ...traced(row, state.WAIT, null), modulemd, koji_tag };
};

const componentsOf = ({ rows }: Deps, row: Row): ReadonlyArray<ComponentBuild> => {
  const file = fileOf(row);
  return file.components.map(({ key, package: name, ref: branch }) => {
    const id = rows.nextComponentId();
    const nvr = `${name}-1.0-1.module+${row.id}+${row.context}`;
    const ref = resolvedRef(file, key) ?? branch;
    const fields = { id, package: name, nvr, task_id: 90_000_000 + id, ref };
    return { ...fields, state: 0, state_reason: null };
  });
};

const ended = (row: Row, outcome: 1 | 3): Row => ({
  ...row,
  components: row.components.map((build) => ({ ...build, state: outcome })),
});

const finishBuild = (deps: Deps, row: Row): Row => {
  const order = deps.misbehaviour.take('build-fails', row);
  const reason = order?.reason ?? row.doomed;
  if (reason === null) return traced(ended(row, 1), state.DONE, null);
  return traced(ended(row, 3), state.FAILED, reason);
};

/** The next thing that happens to a build by itself. */
const stepped = (deps: Deps, row: Row): Row => {
  if (row.state === state.INIT) return resolve(deps, row);
  if (row.state === state.WAIT) {
    const components = componentsOf(deps, row);
    return { ...traced(row, state.BUILD, null), components };
  }
  if (row.state === state.BUILD) return finishBuild(deps, row);
  return traced(row, state.READY, null);
};

const fate = ({ misbehaviour, pacing }: Deps, row: Row): Row => {
  const stuck = misbehaviour.take('never-finishes', row) !== undefined;
  const unlucky = chance('fate', row.id, row.state_trace.length) < pacing.failRate;
  return { ...row, stuck, doomed: unlucky ? 'Component build failed (by chance)' : null };
};

const openTimers = (): {
  readonly set: (id: number, due: number, act: () => void) => void;
  readonly clear: () => void;
} => {
  const timers = new Map<number, NodeJS.Timeout>();
  return {
    set: (id, due, act) => {
      clearTimeout(timers.get(id));
      timers.set(id, setTimeout(act, Math.max(0, due - Date.now())));
    },
    clear: () => timers.forEach((timer) => clearTimeout(timer)),
  };
};

/** Takes builds from init to ready or failed, each step on the bus; goes on where it was after a restart. */
export const startEngine = (deps: Deps): Engine => {
  const timers = openTimers();
  const arm = (row: Row): void => {
    if (row.due === null) return;
    timers.set(row.id, row.due, () => {
      const now = deps.rows.get(row.id);
      if (now?.due === row.due && now.state === row.state) settle(stepped(deps, now));
    });
  };
  const settle = (row: Row): Row => {
    const delay = delayIn(deps, row);
    const timed = { ...row, due: delay === null ? null : Date.now() + delay };
    deps.store.atomically(() => {
      deps.rows.save(timed);
      announce(deps, timed);
    });
    arm(timed);
    return timed;
  };
  deps.rows.all().forEach(arm);
  return {
    begin: (draft) => {
      const row: Row = { id: deps.rows.nextId(), ...draft, due: null, doomed: null, stuck: false };
      return settle(fate(deps, row));
    },
    resume: (row, owner) => {
      const awake = traced(row, state.INIT, `Resubmitted by ${owner}`);
      return settle(fate(deps, { ...awake, koji_tag: null, components: [] }));
    },
    move: (row, to, reason) => settle(traced(row, to, reason)),
    close: () => timers.clear(),
  };
};
