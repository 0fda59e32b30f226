import { Readable } from 'node:stream';
import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { replayCommand } from '../../main/commands/replay.ts';
import { codeVersion, monotonic, newId, now } from '../../main/identity.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { feed, rowsOf } from '../support/sandbox.ts';
import { buildsOf, eventsOf } from '../support/service.ts';
import type { Service } from '../support/service.ts';
import { asked, aStory, commit, ended, verdictsOf } from '../support/story.ts';

const yes = [
  ['base', 'yes', 'contains-changed-branch'],
  ['leaf', 'yes', 'dependency-of-affected'],
];

/** `freshmaker replay -` of all that the bus has said, beside the running service. */
const replayAll = async ({ stores }: Service, sandbox: Sandbox, act: boolean): Promise<number> => {
  const { messages } = await feed(sandbox, '');
  const input = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
  const command = replayCommand({
    openLog: () => TE.right({ ...stores.log, close: () => Promise.resolve() }),
    stdin: Readable.from([Buffer.from(input)]),
    ...{ stdout: () => undefined, stderr: () => undefined, isTerminal: false },
    ...{ clock: monotonic, newId, now, codeVersion, actor: 'replay' },
  });
  return command(['-'], { act });
};

const marks = async (service: Service) => ({
  events: (await eventsOf(service)).map(({ state, dryRun }) => [state, dryRun]),
  builds: (await buildsOf(service)).map(({ name, state, dryRun }) => [name, state, dryRun]),
});
const rehearsed = {
  events: [[eventStates.COMPLETE, true]],
  builds: [
    ['base', buildStates.PLANNED, true],
    ['leaf', buildStates.PLANNED, true],
  ],
};

test('a service that rehearses decides everything, says so, and calls nobody', async (t) => {
  const { sandbox, service } = await aStory(t, { config: { rehearsal: true } });
  const { length } = await asked(sandbox);
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.deepEqual(await verdictsOf(service), yes);
  t.deepEqual(await marks(service), rehearsed);
  t.deepEqual((await asked(sandbox)).slice(length), []);
  t.is((await rowsOf(sandbox, 'base')).length, 1);
});

test('a replay is a rehearsal beside the real thing: it decides, says so, and calls nobody', async (t) => {
  const { sandbox, service } = await aStory(t, { config: { feedUrl: null } });
  const { length } = await asked(sandbox);
  await commit(sandbox, 'rpms/bash');
  t.is(await replayAll(service, sandbox, false), 0);
  await ended(service, 1);
  t.deepEqual(await verdictsOf(service), yes);
  t.deepEqual(await marks(service), rehearsed);
  t.deepEqual((await asked(sandbox)).slice(length), []);
});

test('a message that was rehearsed is acted on when it comes for real', async (t) => {
  const { sandbox, service } = await aStory(t, { config: { feedUrl: null } });
  await commit(sandbox, 'rpms/bash');
  t.is(await replayAll(service, sandbox, false), 0);
  await ended(service, 1);
  t.is(await replayAll(service, sandbox, true), 0);
  await ended(service, 2);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
  t.deepEqual((await marks(service)).events, [
    [eventStates.COMPLETE, true],
    [eventStates.COMPLETE, false],
  ]);
});
