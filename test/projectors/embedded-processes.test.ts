import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { all, fruits, must } from './read-models-suite.ts';

const child = new URL('./several-children.ts', import.meta.url).pathname;

const startChild = (t: ExecutionContext, file: string, owner: string) => {
  const args = ['--import=tsx', child, file, owner];
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(running, 'exit');
  t.teardown(() => running.kill('SIGKILL'));
  return { running, ended, lines: createInterface(running.stdout)[Symbol.asyncIterator]() };
};

const aFile = (t: ExecutionContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-rows-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'rows.db');
};

test('of processes that open a new file at once exactly one writes, the others stand by', async (t) => {
  const file = aFile(t);
  const children = ['one', 'two', 'three'].map((owner) => startChild(t, file, owner));
  const said = await Promise.all(
    children.map(async ({ lines }) => String((await lines.next()).value)),
  );
  t.deepEqual(said.sort(), ['stands by', 'stands by', 'writes']);
});

test('a writer killed while it writes leaves whole commits, none of what it told of lost', async (t) => {
  const file = aFile(t);
  const { running, ended, lines } = startChild(t, file, 'one');
  let told = 0;
  while (told < 25) told = Number((await lines.next()).value) || 0;
  running.kill('SIGKILL');
  await ended;
  const models = await must(openEmbeddedReadModels({ file }));
  t.teardown(() => models.close());
  const reader = models.reader(fruits);
  const position = Number((await must(reader.checkpoint()))?.position);
  t.true(position >= told);
  const rows = await must(reader.find(all));
  t.is(rows.length, 20);
  t.true(rows.every(({ body }) => body['weight'] === position));
  t.is(await must(reader.count([{ field: 'orders', in: [position] }])), 20);
  t.is(await must(reader.count([{ field: 'orders', in: [position - 1] }])), 0);
});
