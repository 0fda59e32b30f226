import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { Asking } from '../commands/asking/asking.ts';
import { exit } from '../commands/exit-codes.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Config } from '../config/settings.ts';

/** Options that stand before or after every verb. */
export type Global = { readonly data?: string; readonly config?: string };
export type Serving = Global & { readonly host?: string; readonly port?: string };
export type Served = { readonly url?: string };

type Use = (config: Config) => Promise<number>;

export const complain = (lines: ReadonlyArray<string>): void => {
  process.stderr.write(lines.map((line) => `freshmaker: ${line}\n`).join(''));
  process.exitCode = exit.usage;
};

/** Runs with the configuration there is; one that cannot be used is told, and the exit code is 2. */
export const withConfig = async (options: Serving, use: Use): Promise<void> => {
  const { data, config, host, port } = options;
  const values = Object.fromEntries(
    Object.entries({ data, config, host, port }).filter(([, value]) => value !== undefined),
  );
  const loaded = loadConfig(process.env, values);
  if (E.isLeft(loaded)) complain(loaded.left);
  else process.exitCode = await use(loaded.right);
};

const lastUsed = (folder: string): number => {
  const times = ['log.db', 'log.db-wal'].map((file) => join(folder, file)).filter(existsSync);
  return Math.max(0, ...times.map((file) => statSync(file).mtimeMs));
};

/** The log a command works on: the folder's own, or its sandbox's where that was used last. */
export const withLogConfig = (options: Global, use: Use): Promise<void> =>
  withConfig(options, (config) => {
    const sandbox = join(config.data, 'sandbox');
    const isSandbox = config.eventStore === null && lastUsed(sandbox) > lastUsed(config.data);
    const chosen = isSandbox ? { ...config, data: sandbox } : config;
    process.stderr.write(`Log: ${chosen.eventStore === null ? chosen.data : 'EventStoreDB'}\n`);
    return use(chosen);
  });

/** As `withLogConfig`, for commands that need what is on record: where there is no log they make none. */
export const withExistingLog = (options: Global, use: Use): Promise<void> =>
  withLogConfig(options, (config) => {
    const file = join(config.data, 'log.db');
    if (config.eventStore !== null || existsSync(file)) return use(config);
    complain([`there is no log ${file}; name the folder that holds one with --data <folder>`]);
    return Promise.resolve(exit.usage);
  });

export const streams = {
  stdout: (text: string): void => void process.stdout.write(text),
  stderr: (text: string): void => void process.stderr.write(text),
};

/** Resolves when the reader of our output has room for more. */
export const roomyStdout = (text: string): Promise<void> =>
  new Promise((done) => {
    if (process.stdout.write(text)) done();
    else process.stdout.once('drain', () => done());
  });

export const who = (): string => process.env['USER'] ?? 'somebody';

/** Aborted at the first SIGINT or SIGTERM, for a clean stop; the second one ends the process. */
export const interruption = (): AbortSignal => {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort());
  }
  return controller.signal;
};

const isInColour = (): boolean => process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

/** What commands that ask the service work with. */
export const askingWith = ({ url }: Served): Asking => ({
  ...streams,
  url: url ?? process.env['FRESHMAKER_URL'] ?? 'http://127.0.0.1:8080',
  screen: { isTerminal: isInColour(), columns: process.stdout.columns },
});
