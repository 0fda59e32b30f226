import type { ExecutionContext } from 'ava';
import test from 'ava';
import { slots } from '../../clients/mbs/slots.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import { compareEvents } from '../support/flows/compare-events.ts';
import { compareBuilds, unexplained } from '../support/flows/compare.ts';
import { bumpOf } from '../support/flows/ours.ts';
import { play } from '../support/flows/play.ts';
import type { Scenario } from '../support/flows/recorded.ts';
import { isModuleFlow, readRecording, recordingFile } from '../support/flows/recorded.ts';
import { permits } from '../support/flows/rules.ts';

const recording = readRecording(recordingFile);
const scenarios = recording?.scenarios.filter(isModuleFlow) ?? [];

/** Backends that run side by side; more only slow each other down. */
const few = slots(6);

const sameAs = async (t: ExecutionContext, scenario: Scenario, gitBase: string): Promise<void> => {
  const played = await play(t, scenario, gitBase);
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

if (recording === undefined) {
  test.skip(`the recorded module flow is not compared: there is no ${recordingFile}`, () =>
    undefined);
} else {
  for (const scenario of scenarios) {
    test(`"${scenario.name}" comes to the same bumps, submissions and builds`, (t) =>
      few.use(() => sameAs(t, scenario, recording.settings.git_base_url)));
  }
  test('there are recorded scenarios of git and MBS', (t) => {
    t.true(scenarios.length > 0, `none in ${recordingFile}`);
  });
}
