import { join } from 'node:path';
import test from 'ava';
import { verify } from '../../audit/verify.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import { aKoji } from '../support/a-koji.ts';
import { aFolder } from '../support/ingest-world.ts';
import { must, runToDeath } from '../support/service.ts';

// Seven images with thirty builds each: three pages.
const lines = Array.from(
  { length: 7 },
  (_, at) => `image oak${at}:f28 holds bash ${'past same '.repeat(29)}`,
);

for (const [type, count] of [
  ['ImageContentsRecorded', 37],
  ['BackfillAdvanced', 1],
] as const) {
  test(`killed after ${type} number ${count}, a backfill of images goes on and records each once`, async (t) => {
    const { sandbox, koji } = await aKoji(t, ...lines);
    const { total } = must(await koji.imageBuilds(0, 1)());
    t.is(total, 210);
    const file = join(aFolder(t), 'log.db');
    const args = [file, sandbox.kojiUrl, type];
    const death = await runToDeath('dying-backfill.ts', [...args, String(count)]);
    t.is(death.signal, 'SIGKILL', death.said);
    const again = await runToDeath('dying-backfill.ts', [...args, '0']);
    t.is(again.code, 0, again.said);
    t.regex(again.said, /^(Going on after page 1.\n)?210 of 210 image builds looked at/);
    const log = must(await openEmbeddedLog({ file })());
    const types = ['ImageContentsRecorded'];
    const page = must(await log.readAll('', { categories: ['image'], types }, 1000)());
    const faults = must(await verify(log)()).faults;
    await log.close();
    t.is(page.events.length, 210);
    t.is(new Set(page.events.map(({ stream }) => stream)).size, 210);
    t.deepEqual(faults, []);
  });
}
