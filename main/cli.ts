#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { askingCommands } from './cli/asking.ts';
import { logCommands } from './cli/log.ts';
import { policyCommands } from './cli/policy.ts';
import { recordingCommands } from './cli/recording.ts';
import { servingCommands } from './cli/serving.ts';
import { exit } from './commands/exit-codes.ts';
import { codeVersion } from './identity.ts';

const examples = `
Examples:
  freshmaker serve                         a small distribution to try it on
  freshmaker replay --json messages/       what would recorded messages cause?
  freshmaker events list
  freshmaker why 12

Exit codes: 0 done, 1 a build failed or the record is broken, 2 wrong use, 3 denied by policy,
4 something could not be reached, 130 interrupted.`;

const program = new Command('freshmaker')
  .description('Watches the message bus and has everything rebuilt that holds a changed package.')
  .version(codeVersion)
  .option('--data <folder>', 'where the log and the read models are (default ./data)')
  .option('--config <file>', 'configuration file (YAML)')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help shows what there is, with examples)')
  .addHelpText('after', examples);

for (const add of [
  ...[servingCommands, recordingCommands, askingCommands],
  ...[policyCommands, logCommands],
]) {
  add(program);
}

// Whoever read us has had enough (`| head`): nothing is wrong.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(exit.done);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exit.done : exit.usage;
}
