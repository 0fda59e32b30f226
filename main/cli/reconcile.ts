import type { Command } from 'commander';
import * as E from 'fp-ts/lib/Either.js';
import { exit, exitFor } from '../commands/exit-codes.ts';
import type { Config } from '../config/settings.ts';
import { newOwner } from '../identity.ts';
import { openStores } from '../open-stores.ts';
import type { Global } from './context.ts';
import { complain, interruption, streams, who, withExistingLog } from './context.ts';

type Json = { readonly json: boolean };

const nobody =
  'there is nobody to ask; set FRESHMAKER_MBS_URL, FRESHMAKER_KOJI_URL, FRESHMAKER_ODCS_URL or FRESHMAKER_DATAGREPPER_URL, or name them in the configuration file';

const hasSomebody = ({ mbsUrl, kojiUrl, odcsUrl, datagrepperUrl, rehearsal }: Config): boolean =>
  datagrepperUrl !== null || (!rehearsal && (mbsUrl ?? kojiUrl ?? odcsUrl) !== null);

const refuse = ({
  code,
  reason = code,
}: {
  readonly code: string;
  readonly reason?: string;
}): number => {
  streams.stderr(`freshmaker reconcile: ${reason}\n`);
  return exitFor(code);
};

const reconcile = async (config: Config, signal: AbortSignal, options: Json): Promise<number> => {
  if (!hasSomebody(config)) {
    complain([nobody]);
    return exit.usage;
  }
  const { clientsOf } = await import('../backend/clients.ts');
  const { catchUpOf } = await import('../backend/catch-up.ts');
  const { logBeganAt, reconcileDepsOf } = await import('../backend/reconcile-deps.ts');
  const { reconcileCommand } = await import('../commands/reconcile.ts');
  const opened = await openStores(config);
  if (E.isLeft(opened)) return refuse(opened.left);
  const stores = opened.right;
  try {
    const logBegan = await logBeganAt(stores.log);
    if (E.isLeft(logBegan)) return refuse(logBegan.left);
    const owner = newOwner();
    const report = (_level: string, sentence: string): void => streams.stderr(`${sentence}\n`);
    const deps = reconcileDepsOf({
      ...{ config, stores, owner, actor: who(), logBegan: logBegan.right },
      clients: clientsOf(config, process.env),
      catchUp: catchUpOf({ config, stores, owner, report }),
    });
    const screen = { isTerminal: process.stdout.isTTY, columns: process.stdout.columns };
    return await reconcileCommand(
      { ...streams, log: stores.log, signal, screen, reconcile: { ...deps, grace: 0 } },
      options,
    );
  } finally {
    await stores.close();
  }
};

/** `reconcile`: what is on record against what the services say. */
export const reconcileCommands = (program: Command): void => {
  program
    .command('reconcile')
    .description('compare what is on record with what MBS, Koji and ODCS say, now')
    .option('--json', 'the outcome as JSON', false)
    .addHelpText(
      'after',
      `\nThe service does it by itself every FRESHMAKER_RECONCILE_EVERY seconds. What differs is written down;\na service that runs looks at once, and what was missed is told to the record as its message would have\nbeen. Doing it often is harmless.\n\nExit codes: ${exit.done} all was compared, ${exit.unreachable} something could not be reached, ${exit.interrupted} interrupted.\n\nExamples:\n  freshmaker reconcile\n  freshmaker reconcile --json | jq .differences`,
    )
    .action((options: Json) => {
      const signal = interruption();
      return withExistingLog(program.opts<Global>(), (config) =>
        reconcile(config, signal, options),
      );
    });
};
