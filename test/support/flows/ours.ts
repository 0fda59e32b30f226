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
const parentsOf = (played: Played, scenario: Scenario, build: BuildRow) => {
  const known = newestModules(scenario).get(moduleOf(build))?.build_deps.map(keyOf) ?? [];
  return played.decisions
    .filter(
      ({ eventId: id, artifact }) => build.eventIds.includes(id) && artifact === build.artifact,
    )
    .flatMap(({ eventId: id, waitsFor }) =>
      known
        .filter((module) => waitsFor.includes(`module:${module}`))
        .flatMap((module) =>
          played.builds.filter((one) => moduleOf(one) === module && one.eventIds.includes(id)),
        ),
    );
};

/** Whether a planned build has to wait: for a parent, or for a build of its own that runs. */
export const isHeld = (played: Played, scenario: Scenario, build: BuildRow): boolean =>
  build.state === buildStates.PLANNED &&
  (parentsOf(played, scenario, build).some(({ state }) => state !== buildStates.DONE) ||
    played.builds.some(
      (other) => other.artifact === build.artifact && other.state === buildStates.BUILD,
    ));

export const isBlocked = (played: Played, scenario: Scenario, build: BuildRow): boolean =>
  build.state === buildStates.PLANNED &&
  parentsOf(played, scenario, build).some(
    (parent) => parent.state === buildStates.FAILED || isBlocked(played, scenario, parent),
  );

const subject = (message: string): string => message.split('\n', 1)[0] ?? '';

const bumpOf = ({ world }: Played, build: BuildRow): string | null => {
  const commit = commitOf(build);
  const bump = world.bumps.find((one) => one.module === moduleOf(build) && one.commit === commit);
  return bump === undefined ? null : subject(bump.message);
};

export const lineOf = (played: Played, event: string, build: BuildRow): BuildLine => ({
  ...{ event, module: moduleOf(build), state: stateOf(build), id: build.buildId },
  ...{ commit: commitOf(build), bump: bumpOf(played, build), dependsOn: build.depOn },
});
