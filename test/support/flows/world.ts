import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Bump, DistGit } from '../../../clients/dist-git/port.ts';
import type { Mbs, MbsFailure } from '../../../clients/mbs/port.ts';
import { isUntold } from './orders.ts';
import type { Expected, FlowPlan } from './plan.ts';
import type { Message, Scenario } from './recorded.ts';
import { commitOf, keyOf, moduleStateOf, newestModules } from './recorded.ts';
import type { Rows } from './rows.ts';
import { aTable, headOf } from './rows.ts';

/** dist-git and MBS in memory, answering what was recorded, and what they were asked to do. */
export type World = {
  readonly mbs: Mbs;
  readonly distGit: DistGit;
  readonly bumps: ReadonlyArray<{ module: string; message: string; commit: string | null }>;
  readonly submissions: ReadonlyArray<{ module: string; scmurl: string; commit: string }>;
  /** Lets the world be as it was when this message was sent. */
  readonly arrange: (message: Message) => void;
  /** Whether MBS has given this id away. */
  readonly knows: (id: number) => boolean;
};

/** What is left of what the original got done, to be answered in its turn. */
type Script = {
  readonly bump: (module: string) => Expected | undefined;
  readonly submit: (module: string, commit: string) => Expected | undefined;
};

const scriptOf = (plan: FlowPlan): Script => {
  const toBump = new Set(plan.expected.filter(({ bump }) => bump !== null));
  const toSubmit = new Set(plan.expected.filter(({ commit }) => commit !== null));
  const next = (orders: Set<Expected>, fits: (order: Expected) => boolean) => {
    const found = [...orders].find(fits);
    if (found !== undefined) orders.delete(found);
    return found;
  };
  return {
    bump: (module) => next(toBump, (order) => order.module === module),
    submit: (module, commit) =>
      next(toSubmit, (order) => order.module === module && order.commit === commit) ??
      next(
        toSubmit,
        (order) => order.module === module && (isUntold(order) || order.bump !== null),
      ),
  };
};

const failure = (status: number, reason: string): MbsFailure => {
  if (status === 409) return { code: 'mbs-conflict', reason };
  if (status === 429 || status === 503) return { code: 'mbs-unavailable', reason };
  if (status >= 500) return { code: 'mbs-unknown-outcome', reason };
  return { code: 'mbs-refused', status, reason };
};

const placeOf = (scmurl: string): ReadonlyArray<string> =>
  /\/([^/]+)\.git\?#(.+)$/u.exec(scmurl) ?? [];

const anMbs = (
  rows: Rows,
  script: Script,
  submissions: Array<World['submissions'][number]>,
): Mbs => {
  const missing = (id: number): MbsFailure => ({
    code: 'mbs-missing',
    reason: `MBS has no build ${id}.`,
  });
  return {
    submitTimeout: 500,
    submit: ({ scmurl, branch }) => {
      const [, name = '', commit = ''] = placeOf(scmurl);
      const module = `${name}:${branch}`;
      submissions.push({ module, scmurl, commit });
      const {
        id,
        status = 201,
        error = 'No reason given.',
      } = script.submit(module, commit)?.answer ?? {};
      // A conflict is about a row there is.
      const row = status < 400 || status === 409 ? [rows.enter(module, commit, 0, id)] : [];
      return status < 400 ? TE.right(row) : TE.left(failure(status, error));
    },
    ofCommit: (name, stream, commit) => TE.right(rows.of(`${name}:${stream}`, commit)),
    get: (id) => TE.fromNullable(missing(id))(rows.asked(id)),
    contents: (id) => TE.map(rows.contents)(TE.fromNullable(missing(id))(rows.get(id))),
    rpmBuilds: () => TE.right([]),
    readySince: () => TE.right({ builds: [], pages: 1 }),
    readyPage: () => {
      const builds = rows.ready();
      return TE.right({ builds, pages: 1, total: builds.length });
    },
  };
};

type Heads = Map<string, string>;

const aDistGit = (
  scenario: Scenario,
  gitBase: string,
  { rows, heads }: { readonly rows: Rows; readonly heads: Heads },
  script: Script,
  bumps: Array<World['bumps'][number]>,
): DistGit => {
  for (const [key, module] of newestModules(scenario)) heads.set(key, headOf(module));
  const bumpOf = ({ repo, branch, message }: Bump): string | null => {
    const module = `${repo}:${branch}`;
    const order = script.bump(module);
    const isTold = order !== undefined && !isUntold(order);
    const commit = isTold ? order.commit : `invented-${bumps.length}`;
    bumps.push({ module, message, commit });
    if (commit !== null) heads.set(module, commit);
    return commit;
  };
  return {
    scmurl: (namespace, repo, commit) => `${gitBase}/${namespace}/${repo}.git?#${commit}`,
    head: (_namespace, repo, branch) => {
      const module = `${repo}:${branch}`;
      const known = heads.get(module);
      if (known !== undefined) return TE.right(known);
      // What nobody told of has a history too: a head that MBS has built.
      const commit = `head-of-${module}`;
      heads.set(module, rows.enter(module, commit, 5).commit);
      return TE.right(commit);
    },
    bump: (bump) =>
      TE.fromNullable({ code: 'git-refused', reason: 'The push failed.' } as const)(bumpOf(bump)),
    changedFiles: () => TE.right([]),
  };
};

/** The outside of a scenario. Only what a message tells moves a build on. */
export const aWorld = (scenario: Scenario, plan: FlowPlan, gitBase: string): World => {
  const rows = aTable(scenario);
  const heads: Heads = new Map();
  const script = scriptOf(plan);
  const bumps: Array<World['bumps'][number]> = [];
  const submissions: Array<World['submissions'][number]> = [];
  const arrange = (message: Message): void => {
    const state = moduleStateOf(message);
    const push = commitOf(message);
    if (push?.namespace === 'modules') heads.set(`${push.repo}:${push.branch}`, push.rev);
    if (state === undefined) return;
    const { id } = state;
    rows.move(rows.get(id) ?? rows.enter(keyOf(state), `theirs-${id}`, 0, id), state.state);
  };
  return {
    mbs: anMbs(rows, script, submissions),
    distGit: aDistGit(scenario, gitBase, { rows, heads }, script, bumps),
    ...{ bumps, submissions, arrange, knows: (id) => rows.get(id) !== undefined },
  };
};
