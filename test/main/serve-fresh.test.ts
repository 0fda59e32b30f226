import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { aFolder } from '../support/ingest-world.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

const quiet = ['--port', '0', '--sandbox-port', '0', '--pace', '0'];

const serving = (
  t: ExecutionContext,
  data: string,
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {},
) => {
  const child = spawn(process.execPath, ['--import=tsx', cli, 'serve', '--data', data, ...args], {
    env: { PATH: process.env['PATH'], FRESHMAKER_LOG_LEVEL: 'silent', ...env },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString('utf8')));
  const told = (pattern: RegExp): Promise<void> =>
    new Promise((done, fail) => {
      createInterface({ input: child.stdout }).on('line', (line) => pattern.test(line) && done());
      child.once('close', () => fail(new Error(said.err)));
    });
  return { child, said, told };
};

const codeOf = async (child: ChildProcess): Promise<unknown> =>
  ((await once(child, 'close')) as [number | null])[0];

const banner = /^The sandbox distribution is at/;

/** Leaves files of no meaning where a wipe would take them; answers which are still there. */
const marking = (data: string): (() => ReadonlyArray<string>) => {
  mkdirSync(join(data, 'sandbox', 'git'), { recursive: true });
  const marks = ['git/mark', 'log.db-mark', 'world/git/mark'];
  for (const mark of marks) writeFileSync(join(data, 'sandbox', mark), '');
  return () => marks.filter((mark) => existsSync(join(data, 'sandbox', mark)));
};

test('a fresh start on the folder of a running service is refused and touches nothing', async (t) => {
  const data = aFolder(t);
  const first = serving(t, data, quiet);
  await first.told(banner);
  const marks = marking(data);
  const before = marks();
  const second = serving(t, data, [...quiet, '--fresh']);
  t.is(await codeOf(second.child), 2);
  t.regex(second.said.err, /another sandbox is running on .*world/);
  t.deepEqual(marks(), before);
  const end = codeOf(first.child);
  first.child.kill('SIGTERM');
  t.is(await end, 0);
  const third = serving(t, data, [...quiet, '--fresh']);
  await third.told(banner);
  t.deepEqual(marks(), []);
});

test('a fresh start whose port is taken is refused before anything is wiped', async (t) => {
  const data = aFolder(t);
  const ended = serving(t, data, quiet);
  await ended.told(banner);
  const end = codeOf(ended.child);
  ended.child.kill('SIGTERM');
  t.is(await end, 0);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const port = String((other.address() as AddressInfo).port);
  const marks = marking(data);
  const before = marks();
  for (const option of ['--port', '--sandbox-port']) {
    const refused = serving(t, data, [...quiet, option, port, '--fresh']);
    t.is(await codeOf(refused.child), 2);
    t.regex(refused.said.err, new RegExp(`Port ${port} .* is taken.* ${option} <n>`, 'u'));
    t.deepEqual(marks(), before);
  }
});

test('a data folder that cannot be one is told in a sentence, and settings set aside are named', async (t) => {
  const file = join(aFolder(t), 'notes.txt');
  writeFileSync(file, 'mine');
  const onFile = serving(t, file, [...quiet, '--fresh'], { FRESHMAKER_MBS_TOKEN: 'secret' });
  const onProc = serving(t, '/proc/nope', ['--no-sandbox', '--port', '0']);
  const codes = await Promise.all([codeOf(onFile.child), codeOf(onProc.child)]);
  t.deepEqual(codes, [2, 4]);
  t.regex(onFile.said.err, /^freshmaker: The data folder .* is a file\. .*\n$/);
  t.regex(onFile.said.out, /sets aside: mbsToken; use --no-sandbox/);
  t.regex(onProc.said.err, /^freshmaker: The data folder \/proc\/nope cannot be .*\n$/);
  t.true(existsSync(file));
});
