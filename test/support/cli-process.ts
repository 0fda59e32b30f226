import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** The command line, started as a process of its own. */
export const started = (args: ReadonlyArray<string>, env: Environment = {}) =>
  spawn(process.execPath, ['--import=tsx', cli, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });

/** Runs the command line as a process of its own, to its end. */
export const freshmaker = async (
  args: ReadonlyArray<string>,
  env: Environment = {},
  stdin = '',
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> => {
  const child = started(args, env);
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString('utf8')));
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
};
