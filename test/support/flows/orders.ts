import type { Answer, Call, FinalBuild, Scenario, StateName, Step } from './recorded.ts';
import { commitOf, keyOf, moduleStateOf, newestModules } from './recorded.ts';

/** One module the original set out to rebuild: its bump, its submission, and what came of them. */
export type Order = {
  /** `name:branch`. */
  readonly module: string;
  /** The text of the bump; null where the pushed commit itself was submitted. */
  readonly bump: string | null;
  /** The commit that was to be submitted; null where the bump gave none. */
  readonly commit: string | null;
  /** What MBS answered to that; null where the original did not get as far. */
  readonly answer: Answer | null;
  /** Its id in MBS; null where MBS did not take it. */
  readonly id: number | null;
  /** The module whose build it followed from, and the state it was left in, by the row stored. */
  readonly parent: string | null;
  readonly state: StateName | null;
};

type Bump = { readonly module: string; readonly message: string; readonly answer: string | null };

const bumpOf = ([service, what, details]: Call): Bump | undefined => {
  if (service !== 'git' || what !== 'bump') return undefined;
  const { name = '', branch = '', message = '', answer } = details;
  const commit = typeof answer === 'string' ? answer : null;
  return { module: `${name}:${branch}`, message, answer: commit };
};

type Submission = {
  readonly module: string;
  readonly commit: string | null;
  readonly answer: Answer;
};

const submissionOf = ([service, what, { json, answer }]: Call): Submission | undefined => {
  if (service !== 'mbs' || !what.startsWith('POST') || json === undefined) return undefined;
  const [, name = '', commit = 'None'] = /\/([^/]+)\.git\?#(.*)$/u.exec(json.scmurl) ?? [];
  return {
    module: `${name}:${json.branch}`,
    commit: commit === 'None' ? null : commit,
    answer: typeof answer === 'object' && answer !== null ? answer : {},
  };
};

/** The text for the RPM's own commit, whatever the original put into its parentheses. */
const repaired = (bump: Bump | undefined, { message }: Step): string | null => {
  const rev = commitOf(message)?.rev;
  if (bump === undefined || rev === undefined) return bump?.message ?? null;
  return bump.message.replace(/ rpm spec update \([^)]*\)\.$/u, ` rpm spec update (${rev}).`);
};

const parentOf = ({ final }: Scenario, row: FinalBuild | undefined): string | null =>
  final.builds.find(({ id }) => id === row?.dep_on_id)?.name ?? null;

const orderOf = (
  scenario: Scenario,
  step: Step,
  bump: Bump | undefined,
  { module, commit, answer }: Submission,
): Order => {
  const row = scenario.final.builds.find(({ build_id }) => build_id === answer.id);
  const told = { parent: parentOf(scenario, row), state: row?.state_name ?? null };
  const order = { module, bump: repaired(bump, step), commit, ...told };
  return commit === null
    ? { ...order, answer: null, id: null }
    : { ...order, answer, id: answer.id ?? null };
};

/** What one step of the original amounted to, in its order. */
export const ordersOf = (scenario: Scenario, step: Step): ReadonlyArray<Order> => {
  const bumps = step.calls.flatMap((call) => bumpOf(call) ?? []);
  const used = new Set<Bump>();
  const submitted = step.calls
    .flatMap((call) => submissionOf(call) ?? [])
    .map((submission) => {
      const bump = bumps.find((one) => one.module === submission.module && !used.has(one));
      if (bump !== undefined) used.add(bump);
      return orderOf(scenario, step, bump, submission);
    });
  const lone = bumps
    .filter((bump) => !used.has(bump))
    .map((bump): Order => {
      const { module, answer: commit } = bump;
      const nothing = { answer: null, id: null, parent: null, state: null };
      return { module, bump: repaired(bump, step), commit, ...nothing };
    });
  return [...submitted, ...lone];
};

/**
 * Where two rows with one id made the original give up: the dependents it would have rebuilt. Their
 * commits and ids nobody told.
 */
export const untoldOrders = (scenario: Scenario, { message }: Step): ReadonlyArray<Order> => {
  const ready = moduleStateOf(message);
  const rows = scenario.existing?.builds.filter(({ build_id }) => build_id === ready?.id) ?? [];
  if (ready?.state !== 5 || rows.length < 2) return [];
  return [...newestModules(scenario).values()]
    .filter(({ build_deps }) => build_deps.some((dep) => keyOf(dep) === keyOf(ready)))
    .map((module) => ({
      ...{ module: keyOf(module), bump: `Bump to rebuild because of ${ready.name} update` },
      ...{ commit: 'untold', answer: null, id: null, parent: ready.name, state: null },
    }));
};

/** The original did not get to submit it, so what would have been answered is not on record. */
export const isUntold = ({ commit, answer }: Order): boolean => commit !== null && answer === null;
