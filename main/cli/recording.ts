import type { Command } from 'commander';
import type { EventLog } from '../../event-log/event-log.ts';
import type { CatchUpOptions } from '../commands/catch-up.ts';
import { codeVersion, monotonic, newId, newOwner, now } from '../identity.ts';
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

const catchUp = async (
  config: Config,
  signal: AbortSignal,
  options: CatchUpOptions,
): Promise<number> => {
  const { datagrepperUrl } = config;
  if (datagrepperUrl === null) {
    complain([
      'no datagrepper is named; set FRESHMAKER_DATAGREPPER_URL, or datagrepperUrl in the configuration file (the sandbox says its own address, as datagrepperUrl, when it starts)',
    ]);
    return exit.usage;
  }
  const { doubtfulCatchUpTopics } = await import('../config/catch-up-topics.ts');
  for (const doubt of doubtfulCatchUpTopics(config)) streams.stderr(`freshmaker: ${doubt}\n`);
  const { catchUpCommand } = await import('../commands/catch-up.ts');
  const { settle, walkDepsOf } = await import('../backend/catch-up.ts');
  const deps = handDeps(config, signal);
  const { actor } = deps;
  const walkDeps = (log: EventLog) =>
    walkDepsOf(config, { log, actor, owner: newOwner() }, datagrepperUrl);
  return catchUpCommand({ ...deps, walkDeps, by: actor, settle }, options);
};

/** `replay`, `backfill` and `catch-up`: what puts things on record. */
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
  program
    .command('catch-up')
    .description('fetch from datagrepper what was published, and put on record what was missed')
    .option('--since <when>', 'where to begin: a time, or how long ago (90m, 36h, 3d, 2w)')
    .option('--until <when>', 'where to end; a few seconds ago when absent')
    .option('--cancel', 'give up an order that was interrupted', false)
    .option('--json', 'the outcome as JSON', false)
    .addHelpText(
      'after',
      '\nFor real: what was missed is decided and built like what came live; what is on record stays\nas it is. A running backend does this by itself for what it missed, as far back as\ncatchUpLongest. May be interrupted, even killed: the next run goes on where it stopped,\nwith --cancel nobody does.\n\nExamples:\n  freshmaker catch-up --since 36h\n  freshmaker catch-up --since 2026-03-01 --until 2026-03-08T12:00Z --json',
    )
    .action((options: CatchUpOptions) => {
      const signal = interruption();
      return withLogConfig(globals(), (config) => catchUp(config, signal, options));
    });
};
