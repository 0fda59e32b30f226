import type { BuildRow } from '../../../projectors/builds/row.ts';
import { buildStates } from '../../../projectors/builds/row.ts';
import type { Played } from './play.ts';
import type { Scenario } from './recorded.ts';
import { keyOf, newestModules } from './recorded.ts';

/** One build, told of theirs and of ours in the same words. */
export type BuildLine = {
  readonly event: string;
  readonly module: string;
  readonly state: string | undefined;
  readonly id: number | null;
  readonly commit: string | null;
  readonly bump: string | null;
  readonly dependsOn: string | null;
};
export type Sides<Line> = {
  readonly ours: ReadonlyArray<Line>;
  readonly expected: ReadonlyArray<Line>;
};

export const nameOf = (
  states: Readonly<Record<string, number>>,
  state: number,
): string | undefined => Object.entries(states).find(([, value]) => value === state)?.[0];
export const moduleOf = ({ name, branch }: BuildRow): string => `${name}:${branch ?? ''}`;
const stateOf = (build: BuildRow): string | undefined => nameOf(buildStates, build.state);
export const commitOf = ({ attempts }: BuildRow): string | null => attempts.at(-1)?.commit ?? null;
export const eventId = ({ events }: Played, message: string): number =>
  events.find(({ messageId }) => messageId === message)?.id ?? -1;

/** Ours of a module for an event: one is expected. */
export const buildsFor = (played: Played, root: string, module: string) =>
  played.builds.filter(
    (build) => moduleOf(build) === module && build.eventIds.includes(eventId(played, root)),
  );

/** Builds the world says come first: of what the module build-requires, for the same event. */
const parentsOf = (played: Played, scenario: Scenario, build: BuildRow, event: number) => {
  const known = newestModules(scenario).get(moduleOf(build))?.build_deps.map(keyOf) ?? [];
  const decision = played.decisions.find(
    ({ eventId: id, artifact }) => id === event && artifact === build.artifact,
  );
  const first = known.filter((module) => decision?.waitsFor.includes(`module:${module}`) === true);
  return played.builds.filter(
    (one) => first.includes(moduleOf(one)) && one.eventIds.includes(event),
  );
};

/** Whether a planned build has to wait: for a parent, or for a build of its own that runs. */
export const isHeld = (played: Played, scenario: Scenario, build: BuildRow): boolean =>
  build.state === buildStates.PLANNED &&
  (build.eventIds
    .flatMap((event) => parentsOf(played, scenario, build, event))
    .some(({ state }) => state !== buildStates.DONE) ||
    played.builds.some(
      (other) => other.artifact === build.artifact && other.state === buildStates.BUILD,
    ));

/** Whether a planned build waits, for this event, for one that has failed. */
export const isBlocked = (
  played: Played,
  scenario: Scenario,
  build: BuildRow,
  event: number,
): boolean =>
  build.state === buildStates.PLANNED &&
  parentsOf(played, scenario, build, event).some(
    (parent) => parent.state === buildStates.FAILED || isBlocked(played, scenario, parent, event),
  );

const subject = (message: string): string => message.split('\n', 1)[0] ?? '';

/** The first line of the commit message the build was bumped with. */
export const bumpOf = ({ world }: Played, build: BuildRow): string | null => {
  const commit = commitOf(build);
  if (build.state === buildStates.PLANNED) return null;
  const bump = world.bumps.find((one) => one.module === moduleOf(build) && one.commit === commit);
  return bump === undefined ? null : subject(bump.message);
};

export const lineOf = (played: Played, event: string, build: BuildRow): BuildLine => ({
  ...{ event, module: moduleOf(build), state: stateOf(build), id: build.buildId },
  ...{ commit: commitOf(build), bump: bumpOf(played, build), dependsOn: build.depOn },
});
