import test from 'ava';
import { buildStates } from '../../projectors/builds/row.ts';
import { eventStates } from '../../projectors/events/row.ts';
import { headOf, rowsOf, submitHead } from '../support/sandbox.ts';
import { eventsOf, until } from '../support/service.ts';
import { aStory, buildOf, commit, ended, misbehave, submissions } from '../support/story.ts';

const once = { kind: 'build-fails', module: 'base', count: 1, reason: 'No luck today' };

test('a failed build that somebody has resumed in MBS counts as a success, and frees what waits', async (t) => {
  const { sandbox, service } = await aStory(t, { before: (box) => misbehave(box, once) });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.is((await buildOf(service, 'base'))?.state, buildStates.FAILED);

  t.is((await submitHead(sandbox, 'base', 'f28')).status, 201);
  await until(service, async () => {
    const [event] = await eventsOf(service);
    return event?.state === eventStates.COMPLETE;
  });

  const [event] = await eventsOf(service);
  t.is(event?.stateReason, 'All 2 builds succeeded.');
  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
  t.is((await buildOf(service, 'leaf'))?.state, buildStates.DONE);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await rowsOf(sandbox, 'leaf')).length, 2);
});

test('when one of two contexts fails the next attempt has a commit of its own', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules: ['base:f28 on f27,f28 holds bash@f28'],
    policy: { retries: '{ submission: 0, build: 1, backOff: 0s }' },
    before: (box) => misbehave(box, once),
  });
  const before = await headOf(sandbox, 'base', 'f28');
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);

  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
  const commits = new Set((await rowsOf(sandbox, 'base')).map((row) => row.commit));
  t.is(commits.size, 3);
  t.true(commits.has(before));
  t.is((await submissions(sandbox)).length, 2);
});
