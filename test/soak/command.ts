import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';

/** Runs a command of ours to its end; throws when it fails. */
export const runCommand = async (
  args: ReadonlyArray<string>,
  env: Readonly<Record<string, string>>,
  logFile: string,
): Promise<void> => {
  const output = openSync(logFile, 'a');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', output, output],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}; see ${logFile}`);
};
