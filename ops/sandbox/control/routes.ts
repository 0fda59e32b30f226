import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Bus } from '../bus/bus.ts';
import { readMessages } from '../bus/posted.ts';
import type { Distribution } from '../distribution/distribution.ts';
import type { DistGit, RepoName } from '../git/dist-git.ts';
import { pushChange } from '../git/packager.ts';
import type { Spool } from '../git/spool.ts';
import { json, problem, type Answer } from '../http/reply.ts';
import type { RequestLog } from '../http/request-log.ts';
import type { Engine } from '../mbs/engine.ts';
import { readObject } from '../mbs/order.ts';
import { messageRow } from '../mbs/render.ts';
import { DONE, FAILED, READY } from '../mbs/row.ts';
import type { Rows } from '../mbs/rows.ts';
import { wholeCompose } from '../odcs/render.ts';
import type { OdcsDeps } from '../odcs/routes.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { readChange, readRule } from './requests.ts';
import { advanceUpdate, postUpdate, shownShipment, type UpdateDeps } from './updates.ts';
import { worldOf } from './world.ts';

export type ControlDeps = UpdateDeps & {
  readonly bus: Pick<Bus, 'publish'>;
  readonly atomically: (write: () => void) => void;
  readonly odcs: Pick<OdcsDeps, 'composes' | 'base'>;
  readonly distribution: Distribution;
  readonly distGit: DistGit;
  readonly spool: Spool;
  readonly rows: Rows;
  readonly engine: Engine;
  readonly misbehaviour: Misbehaviour;
  readonly requests: RequestLog;
};

type Fields = Readonly<Record<string, unknown>>;

const repoOf = (name: string): RepoName => {
  const [namespace = '', repo = ''] = name.split('/');
  return { namespace, repo };
};

const setRefusal = (distGit: DistGit, repo: string, reason: string | undefined): boolean => {
  const name = repoOf(repo);
  if (!distGit.ensure(name)) return false;
  const file = join(distGit.folder(name), 'refuse');
  if (reason === undefined) rmSync(file, { force: true });
  else writeFileSync(file, `${reason}\n`);
  return true;
};

const misbehave = ({ misbehaviour, distGit }: ControlDeps, fields: Fields): Answer => {
  const rule = readRule(fields);
  if (E.isLeft(rule)) return problem(400, rule.left);
  const { kind, repo, reason } = rule.right;
  if (kind === 'refuse-push' && !setRefusal(distGit, repo ?? '', reason)) {
    return problem(404, `There is no repository "${repo}"; name one as namespace/repo.`);
  }
  return json(201, misbehaviour.add(rule.right));
};

const behave = ({ misbehaviour, distGit }: ControlDeps): Answer => {
  for (const { kind, repo } of misbehaviour.list()) {
    if (kind === 'refuse-push' && repo !== null) setRefusal(distGit, repo, undefined);
  }
  misbehaviour.clear();
  return json(200, []);
};

const commit = async ({ distGit, spool }: ControlDeps, fields: Fields): Promise<Answer> => {
  const change = readChange(fields);
  if (E.isLeft(change)) return problem(400, change.left);
  const pushed = await pushChange(distGit, spool, change.right);
  return typeof pushed === 'string' ? problem(422, pushed) : json(201, pushed);
};

const finish = ({ rows, engine }: ControlDeps, fields: Fields): Answer => {
  const row = rows.get(Number(fields['id']));
  if (row === undefined) return problem(404, 'No such module build.');
  if (row.state === READY || row.state === FAILED) {
    return problem(409, `Module build ${row.id} has ended already.`);
  }
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : null;
  if (fields['state'] === 'failed') {
    return json(200, messageRow(engine.move(row, FAILED, reason ?? 'Component build failed')));
  }
  return json(200, messageRow(engine.move(row, DONE, null)));
};

const publish = ({ bus, atomically }: ControlDeps, fields: Fields): Answer => {
  const messages = readMessages(fields, new Date());
  if (E.isLeft(messages)) return problem(400, messages.left);
  atomically(() => messages.right.forEach(bus.publish));
  return json(201, { published: messages.right.length });
};

const failNext = (deps: ControlDeps, fields: Fields): Answer =>
  misbehave(deps, { count: 1, ...fields, kind: 'build-fails' });

const ACTIONS: Readonly<
  Record<string, (deps: ControlDeps, fields: Fields) => Answer | Promise<Answer>>
> = {
  commit,
  messages: publish,
  misbehave,
  finish,
  'fail-next': failNext,
  update: postUpdate,
};

const ADVANCE = /^update\/([^/]+)\/advance$/;

const actionOf = (
  deps: ControlDeps,
  what: string,
): ((fields: Fields) => Answer | Promise<Answer>) | undefined => {
  const [, update] = ADVANCE.exec(what) ?? [];
  if (update !== undefined) {
    return (fields) => advanceUpdate(deps, decodeURIComponent(update), fields);
  }
  const action = ACTIONS[what];
  return action === undefined ? undefined : (fields) => action(deps, fields);
};

const shown = (deps: ControlDeps, what: string): Answer | undefined => {
  switch (what) {
    case 'requests':
      return json(200, deps.requests.list());
    case 'rows':
      return json(
        200,
        deps.rows.all().map((row) => ({ ...messageRow(row), commit: row.commit })),
      );
    case 'world':
      return json(200, worldOf(deps.distribution));
    case 'misbehave':
      return json(200, deps.misbehaviour.list());
    case 'composes':
      return json(
        200,
        deps.odcs.composes.all().map((one) => wholeCompose(one, deps.odcs.base())),
      );
    case 'updates':
      return json(
        200,
        deps.shipping.updates.all().map((one) => shownShipment(deps.koji, one)),
      );
    default:
      return undefined;
  }
};

/** Answers a request under /sandbox/: the strings by which tests and people pull the sandbox. */
export const answerControl = async (
  deps: ControlDeps,
  method: string,
  what: string,
  body: string,
): Promise<Answer> => {
  const missing = problem(404, 'No such thing; GET / lists what there is.');
  if (method === 'GET') return shown(deps, what) ?? missing;
  if (method === 'DELETE' && what === 'misbehave') return behave(deps);
  const action = actionOf(deps, what);
  if (method !== 'POST' || action === undefined) return missing;
  const fields = readObject(body === '' ? '{}' : body);
  return E.isLeft(fields) ? fields.left : action(fields.right);
};
