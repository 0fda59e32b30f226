import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import { unreadable } from './failure.ts';
import type { Read } from './hub.ts';
import type { ContainerOrder, KojiFailure, KojiTask } from './port.ts';
import { readAs, shaped, type Result } from './read.ts';
import type { InSession } from './session.ts';
import { keywords, type XmlRpcStruct, type XmlRpcValue } from './xml-rpc/value.ts';

const TaskInfo = t.type({ id: Count, state: Count }, 'task');
const Maybe = t.union([TaskInfo, t.null], 'task or nil');
const Closed = t.partial(
  { koji_builds: t.union([t.readonlyArray(t.union([t.string, Count])), t.null]) },
  'result of a container build',
);
const Failed = t.type({ faultString: t.string }, 'fault of a task');
const Listed = t.type(
  { id: Count, request: t.union([t.readonlyArray(t.unknown), t.null]) },
  'listed task',
);
const Options = t.partial({ release: t.union([t.string, t.null]) }, 'options of a container');

const stateNames = ['FREE', 'OPEN', 'CLOSED', 'CANCELED', 'ASSIGNED', 'FAILED'];
const [closed, failed] = [2, 5];

/** What Koji calls a task's state. */
export const taskStateName = (state: number): string => stateNames[state] ?? `state ${state}`;

const given = (named: Readonly<Record<string, XmlRpcValue | undefined>>): XmlRpcStruct =>
  Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, XmlRpcValue] => entry[1] !== undefined),
  );

/** An option is left out where it has nothing to say; composes and repositories exclude each other. */
export const optionsOf = (order: ContainerOrder): XmlRpcStruct => {
  const hasComposes = order.composeIds.length > 0;
  const hasRepositories = !hasComposes && order.repoUrls.length > 0;
  return given({
    scratch: false,
    git_branch: order.branch,
    release: order.release ?? undefined,
    koji_parent_build: order.parent ?? undefined,
    compose_ids: hasComposes ? order.composeIds : undefined,
    yum_repourls: hasRepositories ? order.repoUrls : undefined,
  });
};

/** Asks for a container and answers its task. An answer that is no task's id leaves it unknown. */
export const buildContainer = async (
  inSession: InSession,
  order: ContainerOrder,
): Result<number> => {
  const params = [order.source, order.target, optionsOf(order)];
  const answer = await inSession('writing', 'buildContainer', params);
  if (E.isLeft(answer)) return answer;
  if (Count.is(answer.right)) return E.right(answer.right);
  return E.left(unreadable('writing', 'buildContainer', 'the id of a task was expected'));
};

const buildsIn = (ids: ReadonlyArray<string | number>): ReadonlyArray<number> =>
  ids.map(Number).filter((id) => Number.isSafeInteger(id) && id > 0);

const missing = (id: number): KojiFailure => ({
  code: 'koji-missing',
  reason: `Koji knows no task ${id}`,
});

/** Hubs without `raise_fault` tell the task's own fault as if it were the call's. */
const reasonOf = async (read: Read, id: number): Result<string> => {
  const result = await read('getTaskResult', [id, keywords({ raise_fault: false })]);
  if (E.isRight(result)) {
    return E.map(({ faultString }: t.TypeOf<typeof Failed>) => faultString)(
      shaped(Failed, 'getTaskResult')(result.right),
    );
  }
  return result.left.code === 'koji-refused' ? E.right(result.left.reason) : result;
};

/** One task with what became of it. */
export const taskOf = async (read: Read, id: number): Result<KojiTask> => {
  const info = await readAs(read)(Maybe, 'getTaskInfo', [id]);
  if (E.isLeft(info)) return info;
  if (info.right === null) return E.left(missing(id));
  const { state } = info.right;
  const stateName = taskStateName(state);
  const task: KojiTask = { id, state, stateName, reason: null, builds: [] };
  if (state === closed) {
    const result = await readAs(read)(Closed, 'getTaskResult', [id]);
    if (E.isLeft(result)) return result;
    return E.right({ ...task, builds: buildsIn(result.right.koji_builds ?? []) });
  }
  if (state !== failed) return E.right(task);
  return E.map((reason: string) => ({ ...task, reason }))(await reasonOf(read, id));
};

type Sought = Pick<ContainerOrder, 'source' | 'release'>;

const isSought = (order: Sought, { request }: t.TypeOf<typeof Listed>): boolean => {
  const [source, , options] = request ?? [];
  if (source !== order.source) return false;
  const release = Options.is(options) ? (options.release ?? null) : null;
  return release === order.release;
};

const [pageSize, mostPages] = [50, 200];

/** Our newest task of this order made at or after `since`. `owner` asks for the id of our own user. */
export const findTask = async (
  read: Read,
  owner: () => Result<number>,
  order: Sought,
  since: string,
): Result<KojiTask | undefined> => {
  const user = await owner();
  if (E.isLeft(user)) return user;
  const createdAfter = Date.parse(since) / 1000 - 0.001; // the hub takes only what is later
  const wanted = { owner: user.right, method: 'buildContainer', createdAfter, decode: true };
  for (let page = 0; page < mostPages; page += 1) {
    const options = { order: '-id', offset: page * pageSize, limit: pageSize };
    const rows = await readAs(read)(t.readonlyArray(Listed), 'listTasks', [wanted, options]);
    if (E.isLeft(rows)) return rows;
    const found = rows.right.find((row) => isSought(order, row));
    if (found !== undefined) return taskOf(read, found.id);
    if (rows.right.length < pageSize) return E.right(undefined);
  }
  const why = `over ${mostPages * pageSize} tasks of ours since ${since}`;
  return E.left(unreadable('reading', 'listTasks', why));
};

const User = t.type({ id: Count }, 'user');

/** The id of the user we are logged in as; asked once. */
export const ownUser = (inSession: InSession): (() => Result<number>) => {
  const kept: { id?: number } = {};
  return async () => {
    if (kept.id !== undefined) return E.right(kept.id);
    const answer = await inSession('reading', 'getLoggedInUser', []);
    const user = E.chain(shaped(User, 'getLoggedInUser'))(answer);
    if (E.isLeft(user)) return user;
    kept.id = user.right.id;
    return E.right(user.right.id);
  };
};
