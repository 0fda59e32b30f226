import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import type { Config, SettingName } from '../../main/config/settings.ts';
import { settings } from '../../main/config/settings.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

/** These settings as the environment gives them; null is unset. */
const environmentOf = (config: Partial<Config>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(config).flatMap(([name, value]) =>
      value === null ? [] : [[settings[name as SettingName].env, String(value)]],
    ),
  );

export type Role = {
  readonly child: ChildProcess;
  /** Resolves with the first line of its output that fits; fails when it ends before. */
  readonly told: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** SIGKILL; resolves when the process has gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  readonly stop: () => Promise<number | null>;
};

/** `freshmaker backend` or `frontend` as a process of its own, gone when the test ends. */
export const startRole = (
  t: ExecutionContext,
  role: 'backend' | 'frontend',
  config: Partial<Config>,
): Role => {
  const child = spawn(process.execPath, ['--import=tsx', cli, role], {
    env: { PATH: process.env['PATH'], ...environmentOf(config) },
  });
  t.teardown(() => child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => (complaint += bytes.toString('utf8')));
  const lines: Array<string> = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    waiting.forEach((look) => look());
  });
  const ending = once(child, 'exit') as Promise<[number | null]>;
  const told: Role['told'] = (pattern) =>
    new Promise((done, fail) => {
      const look = (): void => {
        const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
        if (found == null) return;
        waiting.delete(look);
        done(found);
      };
      waiting.add(look);
      look();
      void ending.then(() => fail(new Error(`the ${role} ended: ${complaint}`)));
    });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return (await ending)[0];
  };
  return {
    ...{ child, told, stop: () => end('SIGTERM') },
    kill: async () => {
      await end('SIGKILL');
    },
  };
};
