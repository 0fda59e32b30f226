import test from 'ava';
import { slots } from '../../clients/transport/slots.ts';
import { play } from '../support/flows/play.ts';
import { isModuleFlow, readRecording, recordingFile } from '../support/flows/recorded.ts';
import { sameAs } from '../support/flows/same-as.ts';

const recording = readRecording(recordingFile);
const scenarios = recording?.scenarios.filter(isModuleFlow) ?? [];
/** Backends that run side by side; more only slow each other down. */
const few = slots(6);

if (recording === undefined) {
  test.skip(`the recorded module flow is not compared: there is no ${recordingFile}`, () =>
    undefined);
} else {
  const base = recording.settings.git_base_url;
  for (const scenario of scenarios) {
    test(`"${scenario.name}" comes to the same bumps, submissions and builds`, (t) =>
      few.use(async () => sameAs(t, await play(t, scenario, base), scenario, base)));
  }
  test('there are recorded scenarios of git and MBS', (t) => {
    t.true(scenarios.length > 0, `none in ${recordingFile}`);
  });
}
