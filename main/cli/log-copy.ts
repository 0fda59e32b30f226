import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { exit } from '../commands/exit-codes.ts';
import { loadConfig } from '../config/load-config.ts';
import { openLog } from '../open-log.ts';
import * as E from 'fp-ts/lib/Either.js';
import { monotonic } from '../identity.ts';
import { complain, interruption, roomyStdout, streams } from './context.ts';

type Options = { readonly from: string; readonly to: string; readonly json: boolean };

const isServer = (place: string): boolean => /^[a-z+]+:\/\//u.test(place);

const logAt = (place: string) => {
  const loaded = loadConfig({}, isServer(place) ? { eventStore: place } : { data: place });
  return E.isLeft(loaded) ? loaded : E.right(openLog(loaded.right));
};

const faultOf = ({ from, to }: Options): string | undefined => {
  const same = isServer(from) || isServer(to) ? from === to : resolve(from) === resolve(to);
  if (same) return '--from and --to name the same log; name two places';
  const file = join(from, 'log.db');
  return isServer(from) || existsSync(file)
    ? undefined
    : `there is no log ${file}; name the folder that holds one, or an address esdb://…, with --from`;
};

const copy = async (options: Options): Promise<void> => {
  const [source, target] = [logAt(options.from), logAt(options.to)];
  const fault = faultOf(options);
  if (fault !== undefined || E.isLeft(source) || E.isLeft(target)) {
    const others = [source, target].flatMap((side) => (E.isLeft(side) ? side.left : []));
    complain(fault === undefined ? others : [fault]);
    return;
  }
  const signal = interruption();
  const { logCopy } = await import('../commands/log-copy.ts');
  process.exitCode = await logCopy(
    {
      ...{ openSource: source.right, openTarget: target.right, signal, clock: monotonic },
      ...{ stdout: roomyStdout, stderr: streams.stderr, isTerminal: process.stderr.isTTY },
    },
    options,
  );
};

/** `log copy`: the same log in another place. */
export const logCopyCommand = (log: Command): void => {
  log
    .command('copy')
    .description('copy the whole log to another folder or to EventStoreDB')
    .requiredOption('--from <place>', 'the folder that holds the log, or an address esdb://…')
    .requiredOption('--to <place>', 'an empty folder or server, or one where a copy was cut short')
    .option('--json', 'the outcome as JSON', false)
    .addHelpText(
      'after',
      `\nLet no service write to either side meanwhile. May be interrupted, even killed: the same command goes\non. Ids, revisions, metadata and hashes stay, and at the end both sides have the same digest.\n\nExit codes: ${exit.done} done, ${exit.failed} a side is broken or the source went on, ${exit.usage} the target holds something else,\n${exit.unreachable} a side is out of reach.\n\nExamples:\n  freshmaker log copy --from ./data --to esdb://admin:changeit@db.example.org:2113\n  freshmaker log copy --from esdb://db.example.org:2113 --to ./copy --json`,
    )
    .action(copy);
};
