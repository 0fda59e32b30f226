import { setTimeout as wait } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Misbehaviour, Rule, Subject } from '../control/misbehaviour.ts';
import type { DistGit } from '../git/dist-git.ts';
import { brokenServer, problem, type Answer, type Outcome } from '../http/reply.ts';
import type { Engine } from './engine.ts';
import { draftRows, type Draft } from './new-rows.ts';
import { readOrder, type Order } from './order.ts';
import { FAILED, type Row } from './row.ts';
import type { Rows } from './rows.ts';
import { readSource, type Source } from './source.ts';

export type SubmitDeps = {
  readonly rows: Rows;
  readonly engine: Engine;
  readonly distGit: DistGit;
  readonly misbehaviour: Misbehaviour;
  readonly knownStreams: (module: string) => ReadonlyArray<string>;
  /** Fires when the sandbox closes: what is still waiting then was never carried out. */
  readonly closing: AbortSignal;
};

const conflict = (state: number): Answer =>
  problem(
    409,
    `Module (state=${state}) already exists. Only a new build, resubmission of a failed build or ` +
      'build against new buildrequirements is allowed.',
  );

const twin = (rows: Rows, draft: Draft): Row | undefined =>
  rows
    .ofStream(draft.name, draft.stream)
    .find(({ context, commit }) => context === draft.context && commit === draft.commit);

/** New contexts begin, failed ones resume; if all are there already, 409. No await in here. */
const carryOut = (
  { rows, engine }: SubmitDeps,
  drafts: ReadonlyArray<Draft>,
): E.Either<Answer, ReadonlyArray<Row>> => {
  const twins = drafts.map((draft) => [draft, twin(rows, draft)] as const);
  const alive = twins.flatMap(([, row]) =>
    row === undefined || row.state === FAILED ? [] : [row],
  );
  if (alive.length === drafts.length) return E.left(conflict(alive[0]?.state ?? 0));
  const made = twins.flatMap(([draft, row]) => {
    if (row === undefined) return [engine.begin(draft)];
    return row.state === FAILED ? [engine.resume(row, draft.owner)] : [];
  });
  return E.right(made);
};

const before = async (
  { misbehaviour, closing }: SubmitDeps,
  subject: Subject,
  slow: Rule | undefined,
): Promise<Outcome | undefined> => {
  if (slow?.when === 'before') await wait(slow.ms, undefined, { signal: closing });
  if (misbehaviour.take('unavailable', subject)) return problem(503, 'Try again later');
  if (misbehaviour.take('error-before-row', subject)) return brokenServer;
  if (misbehaviour.take('reset-before-row', subject)) return 'reset';
  if (misbehaviour.take('conflict', subject)) return conflict(0);
  return undefined;
};

const after = ({ misbehaviour }: SubmitDeps, subject: Subject): Outcome | undefined => {
  if (misbehaviour.take('error-after-row', subject)) return brokenServer;
  return misbehaviour.take('reset-after-row', subject) ? 'reset' : undefined;
};

const draftsOf = (
  deps: SubmitDeps,
  order: Order,
  { file, commit, committed }: Source,
): E.Either<Answer, ReadonlyArray<Draft>> => {
  const { scmurl, branch, owner, strategy, scratch } = order;
  const [block = { buildrequires: {}, requires: {} }] = file.dependencies;
  const overridden = { ...block, buildrequires: { ...block.buildrequires, ...order.overrides } };
  const hasOverrides = Object.keys(order.overrides).length > 0;
  const wanted = {
    ...{ name: scmurl.repo, stream: branch, commit, committed, strategy, scratch },
    file: hasOverrides ? { ...file, dependencies: [overridden] } : file,
    scmurl: scmurl.text,
    owner: owner ?? 'freshmaker',
  };
  return draftRows(deps.rows, wanted, deps.knownStreams);
};

/** A POST to module-builds/: rows on the right, whatever the client is to see instead on the left. */
export const submit = async (
  deps: SubmitDeps,
  body: string,
): Promise<E.Either<Outcome, ReadonlyArray<Row>>> => {
  const order = readOrder(body);
  if (E.isLeft(order)) return order;
  const { scmurl, branch } = order.right;
  const subject = { name: scmurl.repo, stream: branch };
  const slow = deps.misbehaviour.take('slow', subject);
  const hindrance = await before(deps, subject, slow);
  if (hindrance !== undefined) return E.left(hindrance);
  const source = await readSource(deps.distGit, order.right);
  if (E.isLeft(source)) return source;
  const drafts = draftsOf(deps, order.right, source.right);
  if (E.isLeft(drafts)) return drafts;
  const rows = carryOut(deps, drafts.right);
  if (E.isLeft(rows)) return rows;
  if (slow?.when === 'after') await wait(slow.ms, undefined, { signal: deps.closing });
  const mishap = after(deps, subject);
  return mishap === undefined ? rows : E.left(mishap);
};
