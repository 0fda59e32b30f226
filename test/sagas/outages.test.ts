import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Mbs, MbsFailure } from '../../clients/mbs/port.ts';
import type { Clients } from '../../main/backend/clients.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import { aGate } from '../support/gate.ts';
import {
  aSandbox,
  distributionOf,
  post,
  rowsOf,
  submitHead,
  tempFolder,
} from '../support/sandbox.ts';
import { aService, buildsOf, configFor, until } from '../support/service.ts';
import { asked, aStory, buildOf, commit, ended, misbehave, submissions } from '../support/story.ts';

const modules = ['base:f28 holds bash@f28'];

test('while MBS is down nothing is lost, and when it is back the build is made', async (t) => {
  const sandbox = await aSandbox(t, { distribution: distributionOf(...modules) });
  const gate = await aGate(t, sandbox.mbsUrl);
  const config = configFor(sandbox, tempFolder(t), { mbsUrl: gate.url });
  let inVain = 0;
  const watched = ({ mbs, ...others }: Clients): Clients => {
    const ofCommit: Mbs['ofCommit'] = (...commitOf) =>
      TE.mapLeft((failure: MbsFailure) => {
        inVain += 1;
        return failure;
      })(mbs.ofCommit(...commitOf));
    return { ...others, mbs: { ...mbs, ofCommit } };
  };
  const service = await aService(t, config, (stores, clients) => ({
    ...{ stores, clients: watched(clients) },
  }));
  await gate.shut();
  await commit(sandbox, 'rpms/bash');
  await until(service, () => Promise.resolve(inVain > 0));
  t.is((await rowsOf(sandbox, 'base')).length, 1);
  await gate.open();
  await ended(service, 1);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
});

test('a build that ends while MBS is down and says nothing is asked after later', async (t) => {
  const sandbox = await aSandbox(t, { distribution: distributionOf(...modules) });
  await misbehave(sandbox, { kind: 'no-messages' });
  await misbehave(sandbox, { kind: 'never-finishes', count: 1 });
  const gate = await aGate(t, sandbox.mbsUrl);
  const config = configFor(sandbox, tempFolder(t), { mbsUrl: gate.url });
  const service = await aService(t, config);
  await commit(sandbox, 'rpms/bash');
  await until(service, async () => (await buildOf(service, 'base'))?.buildId != null);
  await gate.shut();
  await until(service, async () => (await rowsOf(sandbox, 'base')).at(-1)?.state === 2);
  const { id } = (await rowsOf(sandbox, 'base')).at(-1) ?? {};
  await post(sandbox, '/sandbox/finish', { id });
  await until(service, async () => (await rowsOf(sandbox, 'base')).at(-1)?.state === 5);
  t.is((await buildOf(service, 'base'))?.state, buildStates.BUILD);
  await gate.open();
  await ended(service, 1);
  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
  t.is((await submissions(sandbox)).length, 1);
});

test('when dist-git cannot be read for a while the build is tried again, and made', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules,
    before: (world) => misbehave(world, { kind: 'fetch-fails', repo: 'modules/base', count: 2 }),
  });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
  t.true(((await buildOf(service, 'base'))?.attempts.length ?? 0) > 1);
});

test('a commit somebody else submits at the same moment is followed, not submitted anew', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules,
    before: (world) => misbehave(world, { kind: 'slow', ms: 800, count: 1 }),
  });
  await commit(sandbox, 'rpms/bash');
  await until(service, async () => (await submissions(sandbox)).length === 1);
  t.is((await submitHead(sandbox, 'base', 'f28')).status, 201);
  await ended(service, 1);
  t.deepEqual(await submissions(sandbox), [409, 201]);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  t.is((await buildOf(service, 'base'))?.state, buildStates.DONE);
  t.is((await buildsOf(service)).length, 1);
});

test('state changes that MBS tells twice are noted once', async (t) => {
  const { sandbox, service } = await aStory(t, {
    modules,
    before: (world) => misbehave(world, { kind: 'duplicate-messages' }),
  });
  await commit(sandbox, 'rpms/bash');
  await ended(service, 1);
  t.is((await rowsOf(sandbox, 'base')).length, 2);
  const pushes = (await asked(sandbox)).filter(
    ({ method, path }) => method === 'POST' && path.includes('git-receive-pack'),
  );
  t.is(pushes.length, 1);
});
