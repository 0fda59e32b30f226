import type { Command } from 'commander';
import { Option } from 'commander';
import { policyApply, policyCheck, policyShow } from '../commands/policy.ts';
import type { Config } from '../config/settings.ts';
import { codeVersion, newId, now } from '../identity.ts';
import { openLog } from '../open-log.ts';
import type { Global } from './context.ts';
import { streams, who, withExistingLog, withLogConfig } from './context.ts';

type Json = { readonly json: boolean };
type Adopting = Json & { readonly by: string; readonly why: string; readonly first: boolean };

const policyDeps = (config: Config) => ({
  ...{ ...streams, openLog: () => openLog(config), newId, now, codeVersion },
});

/** `policy check`, `apply` and `show`. */
export const policyCommands = (program: Command): void => {
  const globals = (): Global => program.opts<Global>();
  const policy = program
    .command('policy')
    .description('check, adopt or show the rules in force')
    .addHelpText(
      'after',
      "\nExamples:\n  freshmaker policy check my-policy.yaml\n  freshmaker policy apply my-policy.yaml --by ann --why 'nodejs may be rebuilt'",
    );
  policy
    .command('check')
    .description('say what a policy file allows, or what is wrong with it')
    .argument('<file>')
    .option('--json', 'as JSON', false)
    .addHelpText('after', '\nExamples:\n  freshmaker policy check my-policy.yaml')
    .action(async (file: string, options: Json) => {
      process.exitCode = await policyCheck(streams)(file, options);
    });
  policy
    .command('apply')
    .description('let a policy hold from now on')
    .argument('<file>')
    .addOption(new Option('--by <who>', 'who adopts it').default(who()))
    .requiredOption('--why <text>', 'why: it is recorded')
    .option('--first', 'where there is no log yet: make one that begins with this policy', false)
    .option('--json', 'as JSON', false)
    .addHelpText(
      'after',
      "\nExamples:\n  freshmaker policy apply my-policy.yaml --by ann --why 'nodejs may be rebuilt'",
    )
    .action((file: string, options: Adopting) => {
      const withLog = options.first ? withLogConfig : withExistingLog;
      return withLog(globals(), (config) => policyApply(policyDeps(config))(file, options));
    });
  policy
    .command('show')
    .description('show the policy in force, as a file that could be applied')
    .option('--json', 'as JSON', false)
    .addHelpText('after', '\nExamples:\n  freshmaker policy show > in-force.yaml')
    .action((options: Json) =>
      withExistingLog(globals(), (config) => policyShow(policyDeps(config))(options)),
    );
};
