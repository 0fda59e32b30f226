#!/usr/bin/env node
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { policyApply, policyCheck, policyShow } from './commands/policy.ts';
import { replayCommand } from './commands/replay.ts';
import { loadConfig } from './config/load-config.ts';
import type { Config } from './config/settings.ts';
import { codeVersion, monotonic, newId, now } from './identity.ts';
import { openLog } from './open-log.ts';
import { serve } from './serve.ts';

type Global = { readonly data?: string; readonly config?: string };
type Serving = Global & { readonly host?: string; readonly port?: string };

const usage = 2;

const complain = (lines: ReadonlyArray<string>): void => {
  process.stderr.write(lines.map((line) => `freshmaker: ${line}\n`).join(''));
  process.exitCode = usage;
};

const withConfig = async (
  options: Serving,
  use: (config: Config) => Promise<number>,
): Promise<void> => {
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
const withLogConfig = (options: Global, use: (config: Config) => Promise<number>): Promise<void> =>
  withConfig(options, (config) => {
    const sandbox = join(config.data, 'sandbox');
    const isSandbox = config.eventStore === null && lastUsed(sandbox) > lastUsed(config.data);
    const chosen = isSandbox ? { ...config, data: sandbox } : config;
    process.stderr.write(`Log: ${chosen.eventStore === null ? chosen.data : 'EventStoreDB'}\n`);
    return use(chosen);
  });

const streams = {
  stdout: (text: string): void => void process.stdout.write(text),
  stderr: (text: string): void => void process.stderr.write(text),
};

const who = (): string => process.env['USER'] ?? 'somebody';

const program = new Command('freshmaker')
  .description('Watches the message bus and has everything rebuilt that holds a changed package.')
  .version(codeVersion)
  .option('--data <folder>', 'where the log and the read models are (default ./data)')
  .option('--config <file>', 'configuration file (YAML)')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

const globals = (): Global => program.opts<Global>();

const serving = (command: Command): Command =>
  command
    .option('--host <address>', 'address of the API (default 127.0.0.1)')
    .option('--port <n>', 'port of the API (default 8080)');

serving(program.command('serve'))
  .description('run everything in one process, on a sandbox distribution unless told otherwise')
  .option('--no-sandbox', 'start empty, on the services that the configuration names')
  .option('--sandbox-port <n>', 'port of the sandbox', '8081')
  .option('--pace <seconds>', 'an invented change every so often', '4')
  .option('--fresh', 'wipe the sandbox with its log and begin anew', false)
  .addHelpText(
    'after',
    '\nExamples:\n  freshmaker serve\n  freshmaker serve --no-sandbox --port 9000',
  )
  .action(
    async (
      options: Serving & { sandbox: boolean } & Record<'sandboxPort' | 'pace', string> & {
          fresh: boolean;
        },
    ) => {
      const { sandbox, sandboxPort, pace, fresh } = options;
      const wanted = { port: Number(sandboxPort), pace: Number(pace), fresh };
      await withConfig({ ...globals(), ...options }, (config) =>
        serve(config, { backend: true, frontend: true, sandbox: sandbox ? wanted : null }),
      );
    },
  );

program
  .command('backend')
  .description('run ingest, sagas and projectors only')
  .action(() =>
    withConfig(globals(), (config) =>
      serve(config, { backend: true, frontend: false, sandbox: null }),
    ),
  );

serving(program.command('frontend'))
  .description('run the query API only')
  .action((options: Serving) =>
    withConfig({ ...globals(), ...options }, (config) =>
      serve(config, { backend: false, frontend: true, sandbox: null }),
    ),
  );

program
  .command('replay')
  .description('put recorded messages on record: files, folders, or - for standard input')
  .argument('<inputs...>')
  .option('--act', 'for real: what they cause is built', false)
  .option('--json', 'one JSON object per message', false)
  .addHelpText(
    'after',
    '\nA replay is a rehearsal: everything is decided, nothing outside is called.\n\nExamples:\n  freshmaker replay messages.ndjson\n  freshmaker replay --act --json today/ | jq .verdict',
  )
  .action((inputs: ReadonlyArray<string>, options: { act: boolean; json: boolean }) =>
    withLogConfig(globals(), (config) =>
      replayCommand({
        ...{ ...streams, newId, now, actor: who(), codeVersion, clock: monotonic },
        ...{ openLog: () => openLog(config), accepted: config.topicPrefixes },
        ...{ stdin: process.stdin, isTerminal: process.stderr.isTTY },
      })(inputs, options),
    ),
  );

const policy = program.command('policy').description('check, adopt or show the rules in force');
policy
  .command('check')
  .argument('<file>')
  .option('--json', 'as JSON', false)
  .action(async (file: string, options: { json: boolean }) => {
    process.exitCode = await policyCheck(streams)(file, options);
  });

const policyDeps = (config: Config) => ({
  ...{ ...streams, openLog: () => openLog(config), newId, now, codeVersion },
});
policy
  .command('apply')
  .argument('<file>')
  .addOption(new Option('--by <who>', 'who adopts it').default(who()))
  .requiredOption('--why <text>', 'why: it is recorded')
  .option('--json', 'as JSON', false)
  .action((file: string, options: { by: string; why: string; json: boolean }) =>
    withLogConfig(globals(), (config) => policyApply(policyDeps(config))(file, options)),
  );
policy
  .command('show')
  .option('--json', 'as JSON', false)
  .action((options: { json: boolean }) =>
    withLogConfig(globals(), (config) => policyShow(policyDeps(config))(options)),
  );

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : usage;
}
