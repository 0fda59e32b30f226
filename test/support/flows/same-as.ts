import type { ExecutionContext } from 'ava';
import { buildStates } from '../../../projectors/builds/row.ts';
import { compareEvents } from './compare-events.ts';
import { compareBuilds, unexplained } from './compare.ts';
import { bumpOf } from './ours.ts';
import type { Played } from './play.ts';
import type { Scenario } from './recorded.ts';
import { permits } from './rules.ts';

/** Holds what our service made of a scenario against what the original did, by the general rules. */
export const sameAs = (
  t: ExecutionContext,
  played: Played,
  scenario: Scenario,
  gitBase: string,
): void => {
  const builds = compareBuilds(played, scenario);
  t.deepEqual(builds.ours, builds.expected);
  const events = compareEvents(played, scenario);
  t.deepEqual(events.ours, events.expected);
  t.deepEqual(unexplained(played, scenario, permits(scenario)), []);

  const { submissions, bumps } = played.world;
  const submitted = played.builds.flatMap(({ name, attempts }) =>
    attempts.flatMap(({ commit }) =>
      commit === null || commit.startsWith('existing-')
        ? []
        : [`${gitBase}/modules/${name}.git?#${commit}`],
    ),
  );
  t.deepEqual(submissions.map(({ scmurl }) => scmurl).sort(), submitted.sort());
  const bumped = played.builds.filter((build) => bumpOf(played, build) !== null);
  t.is(bumps.length, bumped.length);
  const over = played.builds.filter(
    ({ state }) => state === buildStates.DONE || state === buildStates.FAILED,
  );
  t.true(over.every(({ timeCompleted }) => timeCompleted !== null));
};
