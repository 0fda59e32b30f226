import type { Command } from 'commander';
import { codeVersion, monotonic, newId, now } from '../identity.ts';
import { openLog } from '../open-log.ts';
import { exit } from '../commands/exit-codes.ts';
import type { Config } from '../config/settings.ts';
import type { Global } from './context.ts';
import { complain, interruption, streams, who, withLogConfig } from './context.ts';

type Json = { readonly json: boolean };

const handDeps = (config: Config, signal: AbortSignal) => ({
  ...{ ...streams, newId, now, actor: who(), codeVersion, clock: monotonic },
  ...{ openLog: () => openLog(config), isTerminal: process.stderr.isTTY, signal },
});

/** Standard input until it ends, or until nobody wants it any more. */
async function* stdinUntil(signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks = process.stdin.iterator() as AsyncIterator<Uint8Array, undefined>;
  const ended = { done: true } as const;
  const aborted = new Promise<typeof ended>((resolve) => {
    signal.addEventListener('abort', () => resolve(ended), { once: true });
    if (signal.aborted) resolve(ended);
  });
  for (;;) {
    const next = await Promise.race([aborted, chunks.next()]);
    if (next.done === true) break;
    yield next.value;
  }
  process.stdin.destroy();
}

const replay = async (
  config: Config,
  signal: AbortSignal,
  inputs: ReadonlyArray<string>,
  options: Json & { readonly act: boolean },
): Promise<number> => {
  const deps = handDeps(config, signal);
  const { replayCommand } = await import('../commands/replay.ts');
  const stdin = stdinUntil(signal);
  return replayCommand({ ...deps, accepted: config.topicPrefixes, stdin })(inputs, options);
};

const backfill = async (config: Config, signal: AbortSignal, options: Json): Promise<number> => {
  if (config.mbsUrl === null) {
    complain([
      'no MBS is named; set FRESHMAKER_MBS_URL, or mbsUrl in the configuration file (the sandbox fills its own log at every start)',
    ]);
    return exit.usage;
  }
  const deps = handDeps(config, signal);
  const { clientsOf } = await import('../backend/clients.ts');
  const { backfillCommand } = await import('../commands/backfill.ts');
  const { mbs } = clientsOf(config, process.env);
  return backfillCommand({ ...deps, mbs }, options);
};

const backfillImages = async (
  config: Config,
  signal: AbortSignal,
  options: Json,
): Promise<number> => {
  if (config.kojiUrl === null) {
    complain([
      'no Koji is named; set FRESHMAKER_KOJI_URL, or kojiUrl in the configuration file (the sandbox fills its own log at every start)',
    ]);
    return exit.usage;
  }
  const deps = handDeps(config, signal);
  const { clientsOf } = await import('../backend/clients.ts');
  const { backfillImagesCommand } = await import('../commands/backfill.ts');
  const { koji } = clientsOf(config, process.env);
  return backfillImagesCommand({ ...deps, koji }, options);
};

/** `replay` and `backfill`: what puts things on record. */
export const recordingCommands = (program: Command): void => {
  const globals = (): Global => program.opts<Global>();
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
    .action((inputs: ReadonlyArray<string>, options: Json & { readonly act: boolean }) => {
      const signal = interruption();
      return withLogConfig(globals(), (config) => replay(config, signal, inputs, options));
    });
  const onRecord = (run: typeof backfill) => (options: Json) => {
    const signal = interruption();
    return withLogConfig(globals(), (config) => run(config, signal, options));
  };
  const learn = program
    .command('backfill')
    .description('learn what was there before the first message')
    .addHelpText(
      'after',
      '\nExamples:\n  freshmaker backfill modules\n  freshmaker backfill images',
    );
  const resumable =
    '\nMay be interrupted, even killed: the next run goes on where it stopped. After a complete run\nthe next begins anew, and finds what the bus missed.\n\nExamples:\n  ';
  learn
    .command('modules')
    .description('record what every ready module build of MBS holds')
    .option('--json', 'the outcome as JSON', false)
    .addHelpText(
      'after',
      `${resumable}FRESHMAKER_MBS_URL=https://mbs.example.org/module-build-service/ freshmaker backfill modules`,
    )
    .action(onRecord(backfill));
  learn
    .command('images')
    .description('record what every complete image build of Koji holds')
    .option('--json', 'the outcome as JSON', false)
    .addHelpText(
      'after',
      `${resumable}FRESHMAKER_KOJI_URL=https://koji.example.org/kojihub freshmaker backfill images`,
    )
    .action(onRecord(backfillImages));
};
