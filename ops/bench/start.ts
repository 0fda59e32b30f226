import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { measured, type Figure } from './measure.ts';
import { inFolder } from './world.ts';

const own = fileURLToPath(import.meta.url);
const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const cli = beside(own.endsWith('.ts') ? '../../main/cli.ts' : '../../main/cli.js');
const importer = own.replace(/start(\.[jt]s)$/, 'import-all$1');
const recorder = own.replace(/start(\.[jt]s)$/, 'record-imports$1');

const run = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>>): ChildProcess =>
  spawn(process.execPath, [...process.execArgv, ...args], {
    env: { ...process.env, FRESHMAKER_CONFIG: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** What the first line that fits says. */
const heard = async (child: ChildProcess, pattern: RegExp): Promise<string> => {
  if (child.stdout === null) throw new Error('nothing to listen to');
  let complaint = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    complaint = `${complaint}${bytes.toString()}`.slice(-2000);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const found = pattern.exec(line);
    if (found !== null) return found[1] ?? '';
  }
  throw new Error(`it ended before it was ready: ${complaint}`);
};

const ready = async (url: string): Promise<void> => {
  while ((await fetch(`${url}/readyz`)).status !== 200) await pause(2);
};

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
};

/** Milliseconds from the start of the whole service to its first "ready"; then it is stopped. */
const startOurs = async (
  folder: string,
  extra: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
): Promise<number> => {
  const begun = performance.now();
  const args = [...extra, cli, 'serve', '--no-sandbox', '--port', '0'];
  const child = run(args, { FRESHMAKER_DATA: folder, ...env });
  try {
    await ready(await heard(child, /answers at (http\S+)/));
    return performance.now() - begun;
  } finally {
    await ended(child);
  }
};

/** Milliseconds from the start of a bare process to when it has imported these modules. */
const importOnly = async (list: string): Promise<number> => {
  const begun = performance.now();
  const child = run([importer, list], {});
  try {
    await heard(child, /^imported (\d+)/);
    return performance.now() - begun;
  } finally {
    await ended(child);
  }
};

/** From start to ready on a data folder that has been used before, against importing as much. */
export const benchStart = (): Promise<ReadonlyArray<Figure>> =>
  inFolder(async (folder) => {
    const [data, list] = [join(folder, 'data'), join(folder, 'imports')];
    await startOurs(data, ['--import', recorder], { BENCH_IMPORTS: list });
    const count = readFileSync(list, 'utf8').trim().split('\n').length;
    return [
      await measured({
        ...{ name: `start to ready (${count} modules)`, unit: 'ms', isTime: true },
        ...{ target: 1.5, rounds: 7 },
        ours: () => startOurs(data, [], {}),
        ceiling: () => importOnly(list),
      }),
    ];
  });
