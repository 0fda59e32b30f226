import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { verify } from '../../audit/verify.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import { freshmaker } from '../support/cli-process.ts';
import { startEventStore } from '../support/eventstore/process.ts';
import { aFolder } from '../support/ingest-world.ts';
import { eventsIn, logOf, putInto } from '../support/logs.ts';
import { startRole } from '../support/roles.ts';
import { scene } from '../support/scene.ts';
import { must } from '../support/service.ts';

const history = eventsIn(logOf('0.1'));

/** A data folder whose log holds so many events of a real history. */
const aData = async (t: ExecutionContext, count: number): Promise<string> => {
  const data = aFolder(t);
  const log = must(await openEmbeddedLog({ file: join(data, 'log.db') })());
  await putInto(log, history.slice(0, count));
  await log.close();
  return data;
};

const heldIn = async (data: string) => {
  const log = must(await openEmbeddedLog({ file: join(data, 'log.db') })());
  const { digest, events, faultCount } = must(await verify(log)());
  await log.close();
  return { digest, events, faultCount };
};

const copy = (from: string, to: string, ...more: ReadonlyArray<string>) =>
  freshmaker(['log', 'copy', '--from', from, '--to', to, ...more]);

scene('a copy to a server that goes away is told to be run again, and then goes on', async (t) => {
  const data = await aData(t, history.length);
  const server = await startEventStore({ folder: aFolder(t) });
  t.teardown(server.stop);
  const { connectionString } = server;
  const total = history.length;
  t.is((await copy(await aData(t, 100), connectionString)).code, 0);
  await server.kill();
  const away = await copy(data, connectionString);
  t.is(away.code, 4);
  t.is(away.out, '');
  t.regex(away.err, /EventStoreDB did not answer.* Run it again to go on\.\n$/s);
  await server.start();
  const again = await copy(data, connectionString);
  t.is(again.code, 0, again.err);
  t.regex(again.err, /^100 events are there already; going on after them\.\n$/);
  const copied = total - 100;
  t.true(
    again.out.startsWith(`${copied} events copied; both sides are intact and equal: ${total}`),
  );
  t.regex(again.out, /\nDigest [0-9a-f]{64}\n/);
});

scene('with --json the outcome is one line of JSON, and nothing else is there', async (t) => {
  const [data, to] = [await aData(t, 300), join(aFolder(t), 'new')];
  const { code, out, err } = await copy(data, to, '--json');
  t.is(code, 0, err);
  t.is(err, '');
  const { digest } = await heldIn(data);
  t.like(JSON.parse(out), { events: 300, copied: 300, wentOn: false, digest });
  t.is(out.indexOf('\n'), out.length - 1);
  t.deepEqual(await heldIn(to), { digest, events: 300, faultCount: 0 });
});

scene('a target on which a service runs is refused, and the service goes on', async (t) => {
  const [data, used] = [await aData(t, 300), aFolder(t)];
  const url = 'http://127.0.0.1:1';
  const config = { data: used, mbsUrl: url, gitUrl: url, feedUrl: url, port: 0 };
  const backend = startRole(t, 'backend', { ...config, logLevel: 'silent' });
  await backend.told(/backend only/);
  const before = await heldIn(used);
  t.true(before.events > 0);
  const { code, err, out } = await copy(data, used);
  t.is(code, 2, err);
  t.is(out, '');
  t.regex(err, /the target holds something else than the source: event 1 of the target is /);
  t.is(await backend.stop(), 0);
  t.is((await heldIn(used)).faultCount, 0);
});

type Wrong = readonly [
  what: string,
  places: (folder: string) => ReadonlyArray<string>,
  code: number,
  told: RegExp,
];
const wrong: ReadonlyArray<Wrong> = [
  ['without --to', (folder) => ['--from', folder], 2, /required option '--to <place>'/],
  [
    'of a folder without a log',
    (folder) => ['--from', folder, '--to', join(folder, 'new')],
    2,
    /there is no log .*log\.db; name the folder that holds one, or an address esdb:/,
  ],
  [
    'of one place to itself',
    (folder) => ['--from', folder, '--to', `${folder}/.`],
    2,
    /--from and --to name the same log; name two places/,
  ],
  [
    'from a server of another kind',
    (folder) => ['--from', 'http://127.0.0.1:1', '--to', join(folder, 'new')],
    2,
    /the source cannot be opened: .*expected esdb:\/\//,
  ],
  [
    'from a server that is not there',
    (folder) => ['--from', 'esdb://127.0.0.1:1?tls=false', '--to', join(folder, 'new')],
    4,
    /the source cannot be opened: EventStoreDB did not answer.*connection string\? Run it again/s,
  ],
];
for (const [what, places, expected, told] of wrong) {
  scene(`a copy ${what} says what is wrong, and makes nothing`, async (t) => {
    const folder = aFolder(t);
    const { code, out, err } = await freshmaker(['log', 'copy', ...places(folder)]);
    t.is(code, expected, err);
    t.is(out, '');
    t.regex(err, told);
    t.false(existsSync(join(folder, 'new')));
    t.false(existsSync(join(folder, 'log.db')));
  });
}

scene('a source that is no log is named, and nothing is copied', async (t) => {
  const folder = aFolder(t);
  writeFileSync(join(folder, 'log.db'), 'hello');
  const { code, err } = await copy(folder, join(folder, 'new'));
  t.is(code, 1, err);
  t.regex(err, /the source cannot be opened: .*log\.db is damaged or no SQLite database/);
  t.false(existsSync(join(folder, 'new')));
});
