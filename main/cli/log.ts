import type { Command } from 'commander';
import { exit } from '../commands/exit-codes.ts';
import type { LogDeps } from '../commands/log.ts';
import { logExport, logVerify } from '../commands/log.ts';
import type { Config } from '../config/settings.ts';
import { monotonic } from '../identity.ts';
import { openLog } from '../open-log.ts';
import type { Global } from './context.ts';
import { roomyStdout, streams, withExistingLog } from './context.ts';
import { logCopyCommand } from './log-copy.ts';

type Json = { readonly json: boolean };

const output = () => ({
  ...{ stdin: process.stdin, stdout: roomyStdout, stderr: streams.stderr },
  ...{ isTerminal: process.stderr.isTTY, clock: monotonic },
});

const depsOf = (config: Config): LogDeps => ({ ...output(), openLog: () => openLog(config) });

const noLog = (): never => {
  throw new Error('a file is verified without a log');
};

/** `log verify`, `log export` and `log copy`: proving the record, and taking it elsewhere. */
export const logCommands = (program: Command): void => {
  const globals = (): Global => program.opts<Global>();
  const log = program
    .command('log')
    .description('prove the record unbroken, write it as text, or copy it')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker log verify\n  freshmaker log export --to log.ndjson',
    );
  log
    .command('verify')
    .description('walk every hash chain of the log, or of a file made by log export')
    .argument('[file]', 'an exported log, - for standard input; the log itself when left out')
    .option('--json', 'as JSON', false)
    .addHelpText(
      'after',
      `\nExit codes: ${exit.done} intact, ${exit.failed} broken. Keep the digest elsewhere: a later one shows whether events at the\nend were cut off.\n\nExamples:\n  freshmaker log verify\n  freshmaker log verify log.ndjson\n  zcat log.ndjson.gz | freshmaker log verify -`,
    )
    .action(async (file: string | undefined, options: Json) => {
      if (file === undefined) {
        await withExistingLog(globals(), (config) => logVerify(depsOf(config), undefined, options));
        return;
      }
      process.exitCode = await logVerify({ ...output(), openLog: noLog }, file, options);
    });
  log
    .command('export')
    .description('write the whole log as NDJSON, one event a line')
    .option('--to <file>', 'a file that is not there yet; standard output when left out')
    .addHelpText(
      'after',
      '\nThe last line says what all the others add up to: log verify <file> checks it.\n\nExamples:\n  freshmaker log export --to log.ndjson\n  freshmaker log export | gzip > log.ndjson.gz',
    )
    .action((options: { readonly to?: string }) =>
      withExistingLog(globals(), (config) => logExport(depsOf(config), options)),
    );
  logCopyCommand(log);
};
