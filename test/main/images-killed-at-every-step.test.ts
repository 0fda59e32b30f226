import test from 'ava';
import { verify } from '../../audit/verify.ts';
import { slots } from '../../clients/transport/slots.ts';
import { buildStates } from '../../projectors/builds/row.ts';
import { buildsAsked, untilDone } from '../support/image-world.ts';
import { imageKillPoints } from '../support/kill-points.ts';
import { aSandbox, distributionOf, tempFolder } from '../support/sandbox.ts';
import { composesOf, shipUpdate } from '../support/sandbox-images.ts';
import { aService, buildsOf, configFor, must, runToDeath } from '../support/service.ts';

const distribution = distributionOf(
  'image base:f28 holds bash past same',
  'image leaf:f28 from base:f28 holds zlib',
);
/** Each kill starts a process, and there are only so many cores. */
const few = slots(3);

for (const point of imageKillPoints) {
  test(`killed ${point.when} ${point.at}, a restart builds each image once, with one compose`, (t) =>
    few.use(async () => {
      const sandbox = await aSandbox(t, { distribution });
      const config = configFor(sandbox, tempFolder(t), { kojiTimeout: 1, odcsTimeout: 1 });
      await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
      const death = await runToDeath('dying-backend.ts', [
        JSON.stringify(config),
        JSON.stringify(point),
      ]);
      t.is(death.signal, 'SIGKILL', death.said);

      const service = await aService(t, config);
      await untilDone(service);

      const asked = await buildsAsked(sandbox);
      t.deepEqual(
        asked.map(({ name }) => name),
        ['base', 'leaf'],
      );
      const composes = await composesOf(sandbox);
      t.is(composes.length, 1);
      for (const { composes: used } of asked) t.deepEqual(used, [composes[0]?.id]);
      const builds = await buildsOf(service);
      t.true(builds.every(({ state }) => state === buildStates.DONE));
      t.is(must(await verify(service.stores.log)()).faults.length, 0);
    }));
}
