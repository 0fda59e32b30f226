import test from 'ava';
import { slots } from '../../clients/transport/slots.ts';
import { artifactTypes, buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import type { PlayedImages } from '../support/flows/images/play-images.ts';
import { playImages } from '../support/flows/images/play-images.ts';
import type { Request } from '../support/flows/images/recorded-images.ts';
import { isImageFlow, requestsOf } from '../support/flows/images/recorded-images.ts';
import type { Scenario } from '../support/flows/recorded.ts';
import { readRecording, recordingFile } from '../support/flows/recorded.ts';

const recording = readRecording(recordingFile);
const scenarios = recording?.scenarios.filter(isImageFlow) ?? [];
const few = slots(3);

/** Each request once: the original asked again for whatever the bus repeated. */
const inWords = (requests: ReadonlyArray<Request>): ReadonlyArray<string> =>
  [
    ...new Set(requests.map(({ source, target, branch }) => `${source} ${target} ${branch}`)),
  ].sort();

const nameOf = (state: number): string | undefined =>
  Object.entries(buildStates).find(([, value]) => value === state)?.[0];

/** The original's rows, each image once. */
const expectedBuilds = ({ final }: Scenario) =>
  [...new Map(final.builds.map((build) => [build.name, build])).keys()].sort().map((name) => {
    const first = final.builds.find((build) => build.name === name);
    return { name, type: artifactTypes.IMAGE, state: first?.state_name, buildId: first?.build_id };
  });

const played = async (
  t: Parameters<typeof playImages>[0],
  scenario: Scenario,
): Promise<PlayedImages> => {
  const base = recording?.settings.git_base_url ?? '';
  const result = await few.use(() => playImages(t, scenario, base));
  if (result === undefined) throw new Error('given up');
  return result;
};

if (recording === undefined) {
  test.skip(`the recorded container flow is not compared: there is no ${recordingFile}`, () =>
    undefined);
}

for (const scenario of scenarios) {
  test(`"${scenario.name}" asks Koji for the same images, each once`, async (t) => {
    const { requests, events, builds } = await played(t, scenario);
    t.deepEqual(inWords(requests), inWords(requestsOf(scenario)));
    t.is(requests.length, inWords(requests).length, 'something was asked for twice');
    for (const event of scenario.final.events) {
      const { message_id: messageId, search_key: searchKey, event_type_id: eventTypeId } = event;
      const ours = events.find((one) => one.messageId === messageId);
      t.like(ours, { messageId, searchKey, eventTypeId });
    }
    const submitted = builds
      .filter(({ buildId }) => buildId !== null)
      .map(({ name, type, state, buildId }) => ({ name, type, state: nameOf(state), buildId }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    t.deepEqual(submitted, expectedBuilds(scenario));
  });
}

const difference = (name: string, title: string, check: (t: PlayedImages) => boolean): void => {
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) return;
  test(title, async (t) => {
    const result = await played(t, scenario);
    t.true(check(result), JSON.stringify(result, undefined, 1));
  });
};

difference(
  'Dockerfile change, koji refuses',
  'a refusal of Koji is on record with its reason, where the original kept nothing',
  ({ builds }) =>
    builds.length === 1 &&
    builds[0]?.state === buildStates.FAILED &&
    builds[0].stateReason?.includes('koji is down') === true,
);
difference(
  'bodhi stable, not allowed',
  'an update that no rule allows is on record as skipped, where the original kept nothing',
  ({ events, builds }) =>
    builds.length === 0 && events.length === 1 && events[0]?.state === eventStates.SKIPPED,
);
difference(
  "bodhi stable, one image's git clone fails",
  'an image whose branch cannot be read is a failed build of the event, and its siblings go on',
  ({ builds }) =>
    builds.filter(({ state }) => state === buildStates.FAILED).length === 1 &&
    builds.filter(({ state }) => state === buildStates.BUILD).length === 2,
);
