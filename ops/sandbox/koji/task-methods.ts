import * as E from 'fp-ts/lib/Either.js';
import type { Book } from './book.ts';
import { instant } from './build-methods.ts';
import { generic, method, type Answered, type Method, type MethodDeps } from './method.ts';
import { queried } from './query-options.ts';
import * as state from './task.ts';
import type { Task } from './task.ts';
import { secondsOrNull, timeOrNull } from './times.ts';
import { isList, isStruct, plainText, type Struct, type Value } from './value.ts';
import { writeAnswer, writeFault } from './xml-write.ts';

const shown = (book: Book, task: Task): Struct => ({
  ...{ arch: 'noarch', awaited: null, channel_id: 1 },
  ...{
    completion_time: timeOrNull(task.completedAt),
    completion_ts: secondsOrNull(task.completedAt),
  },
  ...{ create_time: timeOrNull(task.createdAt), create_ts: task.createdAt / 1000, host_id: null },
  ...{ id: task.id, label: null, method: 'buildContainer', owner: book.users.idOf(task.owner) },
  ...{ parent: null, priority: task.priority },
  ...{ start_time: timeOrNull(task.startedAt), start_ts: secondsOrNull(task.startedAt) },
  ...{ state: task.state, waiting: null, weight: 1 },
});

const withRequest = (book: Book, task: Task, request: Value | undefined): Struct => ({
  ...shown(book, task),
  ...(request === true ? { request: task.request } : {}),
});

const noTask = (id: Value): Answered => generic(`No such task: ${plainText(id)}`);

const numberOf = (value: Value | undefined): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;

const getTaskInfo = method(
  'RootExports.getTaskInfo',
  1,
  ['task_id', 'request', 'strict'],
  ({ book }, args) => {
    const { task_id: asked = null, request, strict } = args;
    const ids = isList(asked) ? asked : [asked];
    const rows: Array<Struct | null> = [];
    for (const id of ids) {
      const task = book.task(numberOf(id));
      if (task === undefined && strict === true) return noTask(id);
      rows.push(task === undefined ? null : withRequest(book, task, request));
    }
    return E.right(isList(asked) ? rows : (rows[0] ?? null));
  },
);

type OfTask = (deps: MethodDeps, task: Task, args: Struct) => Answered;

const ofTask = (name: string, params: ReadonlyArray<string>, run: OfTask): Method =>
  method(`RootExports.${name}`, 1, params, (deps, args) => {
    const id = args[params[0] ?? ''] ?? null;
    const task = deps.book.task(numberOf(id));
    return task === undefined ? noTask(id) : run(deps, task, args);
  });

const getTaskResult = ofTask('getTaskResult', ['taskId', 'raise_fault'], (_deps, task, args) => {
  if (task.state === state.CANCELED) return generic(`Task ${task.id} is canceled`);
  if (task.result === null) return generic(`Task ${task.id} is not finished`);
  if ('value' in task.result) return E.right(task.result.value);
  return args['raise_fault'] === false ? E.right(task.result.fault) : E.left(task.result.fault);
});

const getTaskRequest = ofTask('getTaskRequest', ['taskId'], (_deps, task) => E.right(task.request));

const taskFinished = ofTask('taskFinished', ['taskId'], (_deps, task) =>
  E.right(state.hasEnded(task)),
);

const getTaskChildren = method(
  'RootExports.getTaskChildren',
  1,
  ['task_id', 'request', 'strict'],
  () => E.right([]),
);

const getTaskDescendents = method(
  'RootExports.getTaskDescendents',
  1,
  ['task_id', 'request'],
  (_deps, args) => E.right({ [plainText(args['task_id'])]: [] }),
);

const cancelTask = method(
  'RootExports.cancelTask',
  1,
  ['task_id', 'recurse'],
  ({ book, engine }, args, { session }): Answered => {
    const task = book.task(numberOf(args['task_id']));
    if (task === undefined) return noTask(args['task_id'] ?? null);
    if (session?.user !== task.owner) {
      return E.left({ faultCode: 1004, faultString: 'Cannot cancel task, not owner' });
    }
    if (!state.hasEnded(task)) engine.cancel(task);
    return E.right(null);
  },
);

const among = (wanted: Value | undefined, value: Value): boolean =>
  isList(wanted) ? wanted.includes(value) : wanted === value;

const TIMES = [
  ...[['created', (task: Task) => task.createdAt] as const],
  ...[['started', (task: Task) => task.startedAt] as const],
  ...[['complete', (task: Task) => task.completedAt] as const],
  ...[['completed', (task: Task) => task.completedAt] as const],
];

const timely = (task: Task, opts: Struct): boolean =>
  TIMES.every(([word, of]) => {
    const [before, after] = [instant(opts[`${word}Before`]), instant(opts[`${word}After`])];
    const at = of(task);
    if (before === undefined && after === undefined) return true;
    return at !== null && at < (before ?? Infinity) && at > (after ?? -Infinity);
  });

const FILTERS = ['arch', 'state', 'owner', 'channel_id', 'host_id', 'parent', 'method'] as const;

const matches = (row: Struct, opts: Struct): boolean =>
  FILTERS.every((field) => {
    const value = row[field] ?? null;
    const [only, not] = [opts[field], opts[`not_${field}`]];
    return (only === undefined || among(only, value)) && (not === undefined || !among(not, value));
  });

/** Koji keeps requests and results as XML; `decode` shows them as values. */
const records = (task: Task, decode: boolean): Struct => {
  const { result, request } = task;
  if (decode) {
    const shownResult = result === null ? null : 'value' in result ? [result.value] : result.fault;
    return { request, result: shownResult };
  }
  const written =
    result === null
      ? null
      : 'value' in result
        ? writeAnswer(result.value)
        : writeFault(result.fault);
  return { request: writeAnswer(request), result: written };
};

const listTasks = method('RootExports.listTasks', 0, ['opts', 'queryOpts'], ({ book }, args) => {
  const opts = isStruct(args['opts']) ? args['opts'] : {};
  const rows = book
    .tasks()
    .filter((task) => timely(task, opts))
    .map((task) => ({
      ...shown(book, task),
      ...{ owner_name: task.owner, owner_type: 0, ...records(task, opts['decode'] === true) },
    }))
    .filter((row) => matches(row, opts));
  return E.right(queried(rows, args['queryOpts']));
});

const DEFAULT_PRIORITY = 20;

/** Source: the hub plugin of koji-containerbuild; it takes any options. */
const buildContainer = method(
  'buildContainer',
  2,
  ['src', 'target', 'opts', 'priority', 'channel'],
  ({ engine }, args, { session }) => {
    if (session === undefined) return generic('task must have an owner');
    const { src = null, target = null, opts, priority } = args;
    const extra = typeof priority === 'number' ? priority : 0;
    if (extra < 0) {
      const faultString = 'only admins may create high-priority tasks';
      return E.left({ faultCode: 1004, faultString });
    }
    return E.right(
      engine.begin([src, target, opts ?? {}], session.user, DEFAULT_PRIORITY + extra).id,
    );
  },
);

export const TASK_METHODS: Readonly<Record<string, Method>> = {
  ...{ getTaskInfo, getTaskResult, getTaskRequest, taskFinished, getTaskChildren },
  ...{ getTaskDescendents, cancelTask, listTasks, buildContainer },
};
