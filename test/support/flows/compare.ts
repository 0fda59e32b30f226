import type { BuildRow } from '../../../projectors/builds/row.ts';
import type { Order } from './orders.ts';
import { isUntold } from './orders.ts';
import type { BuildLine, Sides } from './ours.ts';
import { buildsFor, commitOf, isHeld, lineOf, moduleOf } from './ours.ts';
import type { Expected } from './plan.ts';
import type { Played } from './play.ts';
import type { Scenario } from './recorded.ts';
import { commitOf as pushOf, existingModule, keyOf, moduleStateOf } from './recorded.ts';
import type { Permits } from './rules.ts';

/** The state a build is left in by what was told of it. */
const toldState = ({ steps }: Scenario, id: number | null): string | undefined => {
  const told = steps.flatMap(({ message }) => moduleStateOf(message) ?? []);
  const last = told.find((one) => one.id === id && (one.state === 4 || one.state === 5));
  return last === undefined ? undefined : { 4: 'FAILED', 5: 'DONE' }[last.state];
};

const isTaken = ({ commit, answer }: Order): boolean =>
  commit !== null && (answer?.status ?? 201) < 400;

const stateAfter = (scenario: Scenario, order: Order): string => {
  // A conflict tells of a row there is, and that is followed.
  if (!isTaken(order) && order.answer?.status !== 409) return 'FAILED';
  return order.state ?? toldState(scenario, order.id) ?? 'BUILD';
};

/** Ours where it is among what may be, else the first of that. */
const oneOf = (ours: string | null, allowed: ReadonlyArray<string | null>): string | null =>
  allowed.includes(ours) ? ours : (allowed[0] ?? null);

/** Changes that come together are built once: the submission of any of them will do for all. */
const mergedWith = (played: Played, order: Expected, build: BuildRow): ReadonlyArray<Expected> =>
  played.plan.expected.filter((other) =>
    buildsFor(played, other.root, other.module).some(
      ({ id }) => id === build.id || other === order,
    ),
  );

/** A head nobody has submitted yet needs no bump. */
const isFreshHead = (scenario: Scenario, build: BuildRow): boolean =>
  scenario.steps.some(({ message }) => {
    const { namespace, repo, branch, rev } = pushOf(message) ?? {};
    return (
      namespace === 'modules' && `${repo}:${branch}` === moduleOf(build) && rev === commitOf(build)
    );
  });

const idAfter = (scenario: Scenario, order: Order, ours: number | null): number | null => {
  if (stateAfter(scenario, order) === 'FAILED' && !isTaken(order)) return null;
  return isUntold(order) ? ours : (order.answer?.id ?? ours);
};

const submittedLine = (
  played: Played,
  scenario: Scenario,
  first: Expected,
  build: BuildRow,
): BuildLine => {
  const { root: event, module } = first;
  const merged = mergedWith(played, first, build);
  const mine = lineOf(played, event, build);
  const order = merged.find(({ commit }) => commit === mine.commit) ?? first;
  const isFresh = isFreshHead(scenario, build);
  const bumps = merged.flatMap(({ bump, texts }): ReadonlyArray<string | null> =>
    bump === null ? [null] : texts,
  );
  const parents = merged.flatMap((other) => other.parents);
  return {
    ...{ event, module, state: stateAfter(scenario, order) },
    id: idAfter(scenario, order, mine.id),
    commit: isFresh || isUntold(order) ? mine.commit : order.commit,
    bump: isFresh ? mine.bump : oneOf(mine.bump, bumps),
    dependsOn: oneOf(mine.dependsOn, parents),
  };
};

const expectedLine = (played: Played, scenario: Scenario, order: Expected): BuildLine => {
  const { root: event, module, id, commit, bump, parent } = order;
  const [build] = buildsFor(played, event, module);
  if (build === undefined) {
    return {
      event,
      module,
      state: stateAfter(scenario, order),
      id,
      commit,
      bump,
      dependsOn: parent,
    };
  }
  if (!isHeld(played, scenario, build)) return submittedLine(played, scenario, order, build);
  const held = { event, module, id: null, commit: null, bump: null };
  return { ...held, state: 'PLANNED', dependsOn: build.depOn };
};

const existingLines = (scenario: Scenario): ReadonlyArray<BuildLine> => {
  const { existing } = scenario;
  return (existing?.builds ?? []).map(({ name, build_id: id, dep_on: dependsOn }) => {
    const module = existingModule(scenario, name);
    const row = scenario.final.builds.find((one) => one.name === name && one.build_id === id);
    const isTwice = (existing?.builds ?? []).filter(({ build_id }) => build_id === id).length > 1;
    const told = scenario.steps
      .map(({ message }) => moduleStateOf(message))
      .find((state) => state?.id === id && keyOf(state) === module);
    // Where the original gave up because of two rows with one id, the message's word counts.
    const state = isTwice && told?.state === 5 ? 'DONE' : row?.state_name;
    const event = existing?.event.message_id ?? '';
    return { event, module, state, id, commit: `existing-${name}`, bump: null, dependsOn };
  });
};

const inOrder = (lines: ReadonlyArray<BuildLine>): ReadonlyArray<BuildLine> =>
  [...lines].sort((a, b) => (`${a.event} ${a.module}` < `${b.event} ${b.module}` ? -1 : 1));

/** Every build the original made, as it is to be here, beside what is here. */
export const compareBuilds = (played: Played, scenario: Scenario): Sides<BuildLine> => {
  const existing = existingLines(scenario);
  const wanted = [
    ...existing,
    ...played.plan.expected.map((order) => expectedLine(played, scenario, order)),
  ];
  const ours = wanted.flatMap(({ event, module }) =>
    buildsFor(played, event, module).map((build) => lineOf(played, event, build)),
  );
  return { expected: inOrder(wanted), ours: inOrder(ours) };
};

/** Builds of ours the original did not make, and that neither waiting nor its rules explain. */
export const unexplained = (
  played: Played,
  scenario: Scenario,
  permitted: Permits,
): ReadonlyArray<BuildRow> => {
  const { expected } = compareBuilds(played, scenario);
  const wanted = new Set(
    expected.flatMap(({ event, module }) => buildsFor(played, event, module).map(({ id }) => id)),
  );
  return played.builds.filter(
    (build) =>
      !wanted.has(build.id) &&
      !isHeld(played, scenario, build) &&
      (build.rebuildReason !== 'dependency' ||
        permitted(moduleOf(build), 'MBSModuleStateChangeEvent')),
  );
};
