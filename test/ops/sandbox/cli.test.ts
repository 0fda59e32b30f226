import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { tempFolder } from '../../support/sandbox.ts';

const cli = join(import.meta.dirname, '..', '..', '..', 'ops', 'sandbox', 'cli.ts');

type Started = {
  readonly child: ChildProcess;
  readonly ready: Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly said: string }>;
};

const start = (t: ExecutionContext, ...args: ReadonlyArray<string>): Started => {
  const child = spawn(process.execPath, ['--import=tsx', cli, ...args]);
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
  const ready = once(child.stdout, 'data').then(([line]) => {
    const { url } = JSON.parse(String(line)) as { readonly url: string };
    return url;
  });
  return { child, ready, ended };
};

const answers = async (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

test('it says on one line where it is, and ends well on SIGTERM', async (t) => {
  const { child, ready, ended } = start(t, '--data', tempFolder(t), '--port', '0');
  const url = await ready;
  t.true(await answers(url));
  child.kill('SIGTERM');
  t.is((await ended).code, 0);
  t.false(await answers(url));
});

test('the line has an address for every service', async (t) => {
  const { child } = start(t, '--data', tempFolder(t), '--port', '0');
  const [line] = (await once(child.stdout ?? child, 'data')) as ReadonlyArray<unknown>;
  const { url, ...told } = JSON.parse(String(line)) as Readonly<Record<string, string>>;
  const of = (name: string): string | undefined => told[name]?.replace(url ?? '', '');
  const names = ['mbsUrl', 'gitUrl', 'kojiUrl', 'odcsUrl', 'bodhiUrl', 'feedUrl', 'datagrepperUrl'];
  t.deepEqual(names.map(of), [
    '/module-build-service',
    '/git',
    '/kojihub',
    '/odcs/api/1',
    '/bodhi',
    '/bus/feed',
    '/datagrepper',
  ]);
});

test('a taken port is named, with what to do about it', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.teardown(() => other.close());
  await once(other, 'listening');
  const port = String((other.address() as AddressInfo).port);
  const { code, said } = await start(t, '--data', tempFolder(t), '--port', port).ended;
  t.is(code, 1);
  t.regex(said, new RegExp(`port ${port} .* is taken.*--port`));
});

test('two sandboxes cannot share a world, not even to wipe it', async (t) => {
  const data = tempFolder(t);
  const url = await start(t, '--data', data, '--port', '0').ready;
  const second = await start(t, '--data', data, '--port', '0', '--fresh').ended;
  t.is(second.code, 1);
  t.regex(second.said, /another sandbox is running/);
  t.true(await answers(`${url}/module-build-service/1/module-builds/`));
});

test('a wrong flag or value is a mistake in use', async (t) => {
  const folder = tempFolder(t);
  const [unknown, wrong, missing] = await Promise.all([
    start(t, '--data', folder, '--nonsense').ended,
    start(t, '--data', folder, '--pace', 'often').ended,
    start(t).ended,
  ]);
  t.deepEqual([unknown.code, wrong.code, missing.code], [2, 2, 2]);
  t.regex(wrong.said, /--pace is "often"/);
});

test('started with --with-parent it ends when its parent lets go of it', async (t) => {
  const { child, ready, ended } = start(
    t,
    ...['--data', tempFolder(t), '--port', '0', '--with-parent'],
  );
  await ready;
  child.stdin?.end();
  t.is((await ended).code, 0);
});

test('killed in the middle, it goes on with the same world', async (t) => {
  const data = tempFolder(t);
  const first = start(t, '--data', data, '--port', '0');
  const change = { method: 'POST', body: '{"repo":"bash","branch":"f28"}' };
  await fetch(`${await first.ready}/sandbox/commit`, change);
  const before = await (await fetch(`${await first.ready}/bus/feed`)).text();
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start(t, '--data', data, '--port', '0');
  const after = await (await fetch(`${await second.ready}/bus/feed`)).text();
  t.is(after, before);
  t.regex(after, /bash\.spec/);
});
