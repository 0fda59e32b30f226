import type { BusMessage, Bus } from '../bus/bus.ts';
import type { Misbehaviour } from '../control/misbehaviour.ts';
import type { Pacing } from '../mbs/engine.ts';
import { chance } from '../random.ts';
import type { Store } from '../store.ts';
import { buildImage, type BuildDeps, type Outcome } from './build-image.ts';
import { subjectOf } from './container-request.ts';
import { stateChange, tagging } from './messages.ts';
import type { Build } from './port.ts';
import { pullspecs } from './render.ts';
import * as state from './task.ts';
import type { Task, TaskResult } from './task.ts';
import { fault, type Value } from './value.ts';

export type TaskEngine = {
  /** Writes a new task down, FREE. */
  readonly begin: (request: ReadonlyArray<Value>, owner: string, priority: number) => Task;
  readonly cancel: (task: Task) => Task;
  /** Ends a running task now: as it would have ended by itself, or as failed with a reason. */
  readonly finish: (task: Task, reason?: string) => void;
  readonly close: () => Promise<void>;
};

export type EngineDeps = BuildDeps & {
  readonly store: Store;
  readonly bus: Bus;
  readonly misbehaviour: Misbehaviour;
  readonly pacing: Pacing;
  readonly warn: (text: string) => void;
};

const ended = (task: Task, to: number, result: TaskResult | null): Task => ({
  ...{ ...task, state: to, result, completedAt: Date.now(), due: null },
});

const failure = (task: Task, text: string): Task =>
  ended(task, state.FAILED, { fault: fault(1000, `GenericError: ${text}`) });

const announcer =
  ({ bus, misbehaviour }: EngineDeps, task: Task) =>
  (messages: ReadonlyArray<BusMessage>): void => {
    const subject = subjectOf(task.request);
    if (misbehaviour.take('no-messages', subject) !== undefined) return;
    const twice = misbehaviour.take('duplicate-messages', subject) !== undefined;
    for (const message of messages) {
      bus.publish(message);
      if (twice) bus.publish(message);
    }
  };

const resultOf = (build: Build): TaskResult => ({
  value: {
    repositories: build.image === null ? [] : pullspecs(build, build.image),
    koji_builds: [String(build.id)],
  },
});

/** A content generator's import: the build, its tag, and what the bus hears of both. */
const importBuild = (deps: EngineDeps, task: Task, build: Build, tag: string): void => {
  const { book } = deps;
  book.saveBuild(build);
  book.tags.add(tag, build.id);
  const into = { id: book.tags.names.idOf(tag), name: tag };
  announcer(deps, task)([stateChange(build, null, 1), tagging('buildsys.tag', build, into)]);
};

const settled = (deps: EngineDeps, task: Task, outcome: Outcome): Task => {
  switch (outcome.type) {
    case 'wait':
      return { ...task, due: Date.now() + Math.max(20, deps.pacing.stepTime) };
    case 'failed':
      return ended(task, state.FAILED, { fault: outcome.fault });
    case 'scratch':
      return ended(task, state.CLOSED, { value: { repositories: [], koji_builds: [] } });
    case 'built':
      importBuild(deps, task, outcome.build, outcome.target.dest);
      return ended(task, state.CLOSED, resultOf(outcome.build));
  }
};

/** What the sandbox has in store for a task; undefined: it ends as it deserves. */
const fate = ({ misbehaviour, pacing }: EngineDeps, task: Task): Task | undefined => {
  const subject = subjectOf(task.request);
  const fails = misbehaviour.take('image-fails', subject);
  if (fails !== undefined) return failure(task, fails.reason);
  if (misbehaviour.take('image-canceled', subject) !== undefined) {
    return ended(task, state.CANCELED, null);
  }
  if (chance('image-fate', task.id) >= pacing.failRate) return undefined;
  return failure(task, 'Build failed (by chance)');
};

const stepped = async (deps: EngineDeps, task: Task): Promise<(now: Task) => Task> => {
  const { pacing } = deps;
  if (task.state === state.FREE) {
    const due = Date.now() + pacing.stepTime;
    return (now) => ({ ...now, state: state.ASSIGNED, due });
  }
  if (task.state === state.ASSIGNED) {
    const startedAt = Date.now();
    const due = task.stuck ? null : startedAt + pacing.buildTime;
    return (now) => ({ ...now, state: state.OPEN, startedAt, due });
  }
  const fated = fate(deps, task);
  if (fated !== undefined) return () => fated;
  const outcome = await buildImage(deps, task);
  return (now) => settled(deps, now, outcome());
};

/** Takes tasks from FREE to their end; goes on where it was after a restart. */
export const startTaskEngine = (deps: EngineDeps): TaskEngine => {
  const { store, book, misbehaviour } = deps;
  const timers = new Map<number, NodeJS.Timeout>();
  const working = new Set<Promise<void>>();
  let closed = false;
  const save = (task: Task): Task => {
    const states = task.states.at(-1) === task.state ? task.states : [...task.states, task.state];
    const saved = book.saveTask({ ...task, states });
    arm(saved);
    return saved;
  };
  const step = async (task: Task): Promise<void> => {
    const change = await stepped(deps, task);
    if (closed) return;
    store.atomically(() => {
      const now = book.task(task.id);
      // somebody else may have ended it meanwhile
      if (now?.state === task.state) save(change(now));
    });
  };
  const run = (task: Task): void => {
    const work = step(task).catch((error: unknown) =>
      deps.warn(`Task ${task.id} could not go on: ${String(error)}`),
    );
    working.add(work);
    void work.finally(() => working.delete(work));
  };
  const arm = (task: Task): void => {
    clearTimeout(timers.get(task.id));
    if (task.due === null) return;
    const act = (): void => {
      const now = book.task(task.id);
      if (now?.due === task.due && now.state === task.state) run(now);
    };
    timers.set(task.id, setTimeout(act, Math.max(0, task.due - Date.now())));
  };
  book.tasks().forEach(arm);
  return {
    begin: (request, owner, priority) => {
      const createdAt = Date.now();
      const due = createdAt + deps.pacing.stepTime;
      const stuck = misbehaviour.take('image-never-finishes', subjectOf(request)) !== undefined;
      return save({
        ...{ id: book.nextId.task(), request, owner, priority, stuck, createdAt, due },
        ...{ state: state.FREE, states: [], startedAt: null, completedAt: null, result: null },
      });
    },
    cancel: (task) => save(ended(task, state.CANCELED, null)),
    finish: (task, reason) => {
      if (reason !== undefined) return void save(failure(task, reason));
      run(save({ ...task, state: state.OPEN, startedAt: task.startedAt ?? Date.now(), due: null }));
    },
    close: async () => {
      closed = true;
      timers.forEach((timer) => clearTimeout(timer));
      await Promise.all(working);
    },
  };
};
