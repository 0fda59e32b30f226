import { json, problem, type Answer } from '../http/reply.ts';
import type { Book } from './book.ts';
import type { Build } from './port.ts';
import type { TaskEngine } from './task-engine.ts';
import { IMPORTER } from './seed.ts';
import { hasEnded, TASK_STATES, type Task } from './task.ts';

type Deps = { readonly book: Book; readonly engine: TaskEngine };

type Shown = Readonly<Record<string, unknown>>;

const shownTask = (task: Task): Shown => {
  const [source, target, opts] = task.request;
  return {
    ...{ id: task.id, source, target, opts, owner: task.owner, priority: task.priority },
    ...{ state: task.state, state_name: TASK_STATES[task.state] },
    states: task.states.map((state) => TASK_STATES[state]),
    created: new Date(task.createdAt).toISOString(),
    result: task.result,
  };
};

const rpmsOf = (book: Book, build: Build): ReadonlyArray<string> => {
  const files = build.image?.archives[0]?.rpms.flatMap((id) => book.rpm(id) ?? []) ?? build.rpms;
  const names = files.map(({ name, version, release }) => `${name}-${version}-${release}`);
  return [...new Set(names)].toSorted();
};

const imageFields = ({ name, taskId, image }: Build): Shown =>
  image === null
    ? { kind: 'rpm', name, branch: null, parent: null, task: taskId, composes: [] }
    : {
        ...{ kind: 'image', name: image.name, branch: image.branch, task: image.taskId },
        ...{ parent: image.parent?.nvr ?? null, composes: image.composeIds },
      };

const shownBuild = (book: Book, build: Build): Shown => ({
  ...{ id: build.id, nvr: build.nvr, ...imageFields(build), tags: book.tags.ofBuild(build.id) },
  ...{ completed: new Date(build.completedAt).toISOString(), rpms: rpmsOf(book, build) },
});

/**
 * GET /sandbox/koji/tasks, those of the import only with `?all=true`, and /sandbox/koji/builds, which
 * `?kind=image` or `rpm` and `?name=` narrow.
 */
export const shownKoji = ({ book }: Deps, what: string, query: URLSearchParams): Answer => {
  if (what === 'tasks') {
    const tasks = book.tasks().filter(({ owner }) => query.has('all') || owner !== IMPORTER);
    return json(200, tasks.map(shownTask));
  }
  if (what !== 'builds') return problem(404, 'Koji shows "tasks" and "builds".');
  const [kind, name] = [query.get('kind'), query.get('name')];
  const builds = book
    .builds()
    .filter(({ image }) => kind === null || (image === null ? 'rpm' : 'image') === kind)
    .filter((build) => name === null || (build.image?.name ?? build.name) === name);
  return json(
    200,
    builds.map((build) => shownBuild(book, build)),
  );
};

/** POST /sandbox/koji/finish `{id, reason?}`: ends a task now; with a reason it fails. */
export const finishTask = ({ book, engine }: Deps, body: string): Answer => {
  let fields: unknown;
  try {
    fields = JSON.parse(body);
  } catch {
    return problem(400, 'The body is no JSON.');
  }
  const { id, reason }: Shown = typeof fields === 'object' && fields !== null ? { ...fields } : {};
  const task = book.task(Number(id));
  if (task === undefined) return problem(404, 'No such task; GET /sandbox/koji/tasks lists them.');
  if (hasEnded(task)) return problem(409, `Task ${task.id} has ended already.`);
  engine.finish(task, typeof reason === 'string' ? reason : undefined);
  return json(200, shownTask(book.task(task.id) ?? task));
};
