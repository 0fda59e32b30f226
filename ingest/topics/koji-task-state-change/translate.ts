import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count, JsonValue } from '../../../domain/codec.ts';
import type { Json } from '../../../domain/json.ts';
import { isJsonObject } from '../../../domain/json.ts';
import type { Reading } from '../../../domain/trigger/reading.ts';
import type { SetAside } from '../../set-aside.ts';
import { setAside } from '../../set-aside.ts';
import { maybe, Name, readAs } from '../fields.ts';
import { otherAttribute, secondaryInstance } from '../koji-checks.ts';
import type { Topic } from '../topic.ts';

const numbers = { FREE: 0, OPEN: 1, CLOSED: 2, CANCELED: 3, ASSIGNED: 4, FAILED: 5 };

const change = {
  attribute: Name,
  instance: maybe(Name),
  new: t.keyof(numbers, 'name of a state of a task'),
};
/** A list; some publishers send the XML of the call instead. */
const Request = maybe(JsonValue);

/** States of tasks are names. In Fedora only scratch tasks are published. */
const KojiTask = t.type(
  { ...change, id: Count, method: Name, info: maybe(t.type({ request: Request }, 'info')) },
  'buildsys.task.state.change',
);

const BrewTask = t.type(
  {
    ...change,
    info: t.type({ id: Count, method: Name, parent: maybe(Count), request: Request }, 'info'),
  },
  'brew.task',
);

type Change = {
  readonly attribute: string;
  readonly instance: string | null;
  readonly new: keyof typeof numbers;
};
type Task = {
  readonly id: number;
  readonly method: string;
  /** Source, target, options. */
  readonly request: Json;
};

const listIn = (request: Json): ReadonlyArray<Json> =>
  Array.isArray(request) ? (request as ReadonlyArray<Json>) : [];

const text = (value: Json | undefined): string | null =>
  typeof value === 'string' && value !== '' && value.length <= 255 ? value : null;

/** `git://…/container/NAME.git?#<hash>` is of NAME. */
const repoIn = (source: Json | undefined): string | null => {
  const path = typeof source === 'string' ? source.split(/[?#]/, 1)[0] : undefined;
  return text(
    path
      ?.split('/')
      .at(-1)
      ?.replace(/\.git$/, ''),
  );
};

const read = (change: Change, task: Task): E.Either<SetAside, Reading> => {
  const no = secondaryInstance(change) ?? otherAttribute(change);
  if (no !== undefined) return E.left(no);
  const { id: taskId, method } = task;
  if (method !== 'buildContainer') {
    return E.left(setAside('other-task', `task ${taskId} is ${method}, not buildContainer`));
  }
  const [source, , options] = listIn(task.request);
  const state = numbers[change.new];
  return E.right({
    ...{ kind: 'BrewContainerTaskStateChangeEvent', id: `koji-task:${taskId}@${state}` },
    ...{ searchKey: String(taskId), taskId, state, stateName: change.new },
    repo: repoIn(source),
    branch: isJsonObject(options) ? text(options['git_branch']) : null,
  });
};

/** A Koji task moved on. Source: reference, buildsys.task.state.change. */
export const kojiTaskStateChange: Topic = {
  patterns: ['buildsys.task.state.change'],
  translate: readAs(KojiTask, (body) =>
    read(body, { ...body, request: body.info?.request ?? null }),
  ),
};

/** The same on the UMB: every task, also children. */
export const brewTask: Topic = {
  patterns: ['free', 'open', 'closed', 'canceled', 'assigned', 'failed'].map(
    (state) => `brew.task.${state}`,
  ),
  translate: readAs(BrewTask, (body) => read(body, body.info)),
};
