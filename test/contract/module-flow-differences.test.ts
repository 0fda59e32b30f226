import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { slots } from '../../clients/transport/slots.ts';
import type { BuildRow } from '../../projectors/builds/row.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import type { Played } from '../support/flows/play.ts';
import { play } from '../support/flows/play.ts';
import { readRecording } from '../support/flows/recorded.ts';
import { sameAs } from '../support/flows/same-as.ts';

const file = fileURLToPath(new URL('../fixtures/flows/module-flow.json', import.meta.url));
const recording = readRecording(file);
const few = slots(6);

/** Plays a scenario of ours, which must also come to what the general rules expect of it. */
const played = async (t: ExecutionContext, name: string): Promise<Played> => {
  const scenario = recording?.scenarios.find((one) => one.name === name);
  if (recording === undefined || scenario === undefined) throw new Error(`no "${name}" in ${file}`);
  const base = recording.settings.git_base_url;
  const result = await few.use(() => play(t, scenario, base));
  if (result === undefined) throw new Error('given up');
  sameAs(t, result, scenario, base);
  return result;
};

const buildOf = ({ builds }: Played, name: string): Partial<BuildRow> =>
  builds.find((build) => build.name === name) ?? {};
const submitted = ({ world }: Played): ReadonlyArray<string> =>
  world.submissions.map(({ module }) => module);
const eventState = ({ events }: Played): ReadonlyArray<number> => events.map(({ state }) => state);

test('a push the bus repeats is submitted once, under one message id or two', async (t) => {
  const once = await played(t, 'a push told twice');
  t.deepEqual(submitted(once), ['gimp:9']);
  const other = await played(t, 'a change told by another message');
  t.deepEqual(submitted(other), ['gimp:9']);
  t.is(other.events.length, 1);
});

test('where a bump cannot be pushed nothing is submitted, the build has failed, and others go on', async (t) => {
  const result = await played(t, 'a push that is refused');
  t.deepEqual(submitted(result), ['gimp:9']);
  t.is(buildOf(result, 'darktable').state, buildStates.FAILED);
  t.is(buildOf(result, 'darktable').stateReason, 'The push failed.');
  t.is(buildOf(result, 'gimp').state, buildStates.BUILD);
});

test('every bump of a spec change cites the commit of the spec, not of the module before it', async (t) => {
  const { world } = await played(t, 'a push that is refused');
  const text = 'Bump to rebuild because of babl rpm spec update (f00d).';
  t.deepEqual(
    world.bumps.map(({ message }) => message),
    [text, text],
  );
});

test('a ring of build requirements is gone round once', async (t) => {
  const result = await played(t, 'a ring');
  t.deepEqual(submitted(result), ['boot:9', 'shell:9', 'tools:9']);
  t.deepEqual(eventState(result), [eventStates.COMPLETE]);
});

test('the last of a diamond is built once, after both its sides', async (t) => {
  const result = await played(t, 'a diamond');
  t.deepEqual(submitted(result).slice(-1), ['top:9']);
  t.is(submitted(result).length, 4);
  const waiting = await played(t, 'a diamond, one side later');
  t.is(buildOf(waiting, 'top').state, buildStates.PLANNED);
});

test('dependents answer the event everything began with, and name the build they follow', async (t) => {
  const result = await played(t, 'a diamond');
  t.is(result.events.length, 1);
  t.deepEqual(buildOf(result, 'left').eventIds, [result.events[0]?.id]);
  t.is(buildOf(result, 'left').depOnId, buildOf(result, 'base').id);
});

test('an event whose builds are all done is complete, and its builds say when', async (t) => {
  const result = await played(t, 'a diamond');
  t.deepEqual(eventState(result), [eventStates.COMPLETE]);
  t.true(result.builds.every(({ timeCompleted }) => timeCompleted !== null));
});

test('what MBS refuses is a failed build that gives its words', async (t) => {
  const result = await played(t, 'MBS refuses');
  t.like(buildOf(result, 'gimp'), {
    ...{ state: buildStates.FAILED, stateReason: 'The stream 9 is retired' },
  });
  t.deepEqual(eventState(result), [eventStates.FAILED]);
});

test('a conflict in MBS is followed up to the row it is about', async (t) => {
  const result = await played(t, 'MBS has it already');
  t.is(buildOf(result, 'gimp').state, buildStates.BUILD);
  t.is(typeof buildOf(result, 'gimp').buildId, 'number');
});

test('of two builds with one id in MBS, the one a message names is moved on by it', async (t) => {
  const result = await played(t, 'two rows with one id');
  t.is(buildOf(result, 'babl').state, buildStates.DONE);
  t.is(buildOf(result, 'gegl').state, buildStates.BUILD);
  t.deepEqual(submitted(result), ['gimp:9']);
});

test('a change that comes while its module is being built is planned until that is over', async (t) => {
  const result = await played(t, 'a second change meanwhile');
  t.deepEqual(
    result.builds.map(({ state }) => state),
    [buildStates.BUILD, buildStates.PLANNED],
  );
});

test('a rule for a kind of trigger holds for all that the trigger leads to', async (t) => {
  const result = await played(t, 'rules of one handler');
  t.deepEqual(submitted(result), ['base:9', 'gimp:9']);
});

test('dependents of a failed build are kept planned, and the event has failed', async (t) => {
  const result = await played(t, 'a parent that fails');
  t.is(buildOf(result, 'gimp').state, buildStates.PLANNED);
  t.is(buildOf(result, 'gimp').stateReason, 'Waits for module:base:9: parent-failed');
  t.deepEqual(eventState(result), [eventStates.FAILED]);
});

test('a head that nobody has submitted is submitted as it is, without a bump', async (t) => {
  const result = await played(t, 'a head nobody submitted');
  t.deepEqual(result.world.bumps, []);
  t.deepEqual(
    result.world.submissions.map(({ commit }) => commit),
    ['beef'],
  );
});
