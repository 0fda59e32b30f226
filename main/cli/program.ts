import { Command } from 'commander';
import { codeVersion } from '../identity.ts';
import { askingCommands } from './asking.ts';
import { logCommands } from './log.ts';
import { policyCommands } from './policy.ts';
import { reconcileCommands } from './reconcile.ts';
import { recordingCommands } from './recording.ts';
import { servingCommands } from './serving.ts';

const examples = `
Examples:
  freshmaker serve                         a small distribution to try it on
  freshmaker replay --json messages/       what would recorded messages cause?
  freshmaker events list
  freshmaker why 12

Exit codes: 0 done, 1 a build failed or the record is broken, 2 wrong use, 3 denied by policy,
4 something could not be reached, 130 interrupted.`;

/** The whole command line; what it ends with goes to `process.exitCode`. */
export const programOf = (): Command => {
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
    ...[servingCommands, recordingCommands, reconcileCommands, askingCommands],
    ...[policyCommands, logCommands],
  ]) {
    add(program);
  }
  return program;
};
