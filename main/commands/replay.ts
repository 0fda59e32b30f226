import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import type { Ingest, NotAppended } from '../../ingest/append-message.ts';
import type { Inputs } from '../../ingest/files/read-inputs.ts';
import { findInputs, readInputs } from '../../ingest/files/read-inputs.ts';
import { replay } from '../../ingest/replay.ts';
import { progressOn } from './replay/progress.ts';
import { asJson, count, faultsOf, startTally, tableOf } from './replay/report.ts';

/** What the command needs of the world. `clock`: milliseconds that never go back. */
export type ReplayDeps = Omit<Ingest, 'log' | 'transport'> & {
  readonly openLog: () => TaskEither<LogFailure, EventLog>;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  readonly clock: () => number;
  readonly signal?: AbortSignal;
};

export type ReplayOptions = { readonly act?: boolean; readonly json?: boolean };

const exit = { done: 0, usage: 2, unreachable: 4, interrupted: 130 } as const;

const reasonOf = (failure: NotAppended): string =>
  'reason' in failure ? failure.reason : `an append failed: ${failure.code}`;

const usageFault = (
  inputs: ReadonlyArray<string>,
  { found }: Pick<Inputs, 'found'>,
): string | undefined => {
  if (inputs.length === 0) return 'name a file, a folder, or - for standard input';
  const bad = found.find((one) => one.kind === 'unreadable' && inputs.includes(one.file));
  return bad?.kind === 'unreadable' ? `${bad.file}: ${bad.reason}` : undefined;
};

const isInterrupted = ({ signal }: ReplayDeps): boolean => signal?.aborted === true;

const interruptedOr = (deps: ReplayDeps, code: number): number =>
  code === exit.done && isInterrupted(deps) ? exit.interrupted : code;

const run = async (
  deps: ReplayDeps,
  log: EventLog,
  inputs: Inputs,
  { act, json }: ReplayOptions,
): Promise<number> => {
  const { stdout, stderr, isTerminal, clock } = deps;
  const { newId, now, actor, codeVersion, accepted } = deps;
  const hand = { log, newId, now, actor, codeVersion, transport: 'replay' };
  const ingest: Ingest = accepted === undefined ? hand : { ...hand, accepted };
  const progress = progressOn({ write: stderr, isTerminal, clock }, inputs.bytes);
  const tally = startTally();
  let bytes = 0;
  const reader = { stdin: deps.stdin, onBytes: (more: number) => (bytes += more) };
  let code: number = exit.done;
  for await (const result of replay(
    ingest,
    act === true ? 'real' : 'rehearsal',
    readInputs(inputs, reader),
  )) {
    if (E.isLeft(result)) {
      progress.clear();
      stderr(`freshmaker replay: the log took no more: ${reasonOf(result.left)}\n`);
      stderr('What is counted below is on record; replay the same input again to go on.\n');
      code = exit.unreachable;
      break;
    }
    count(tally, result.right);
    if (json === true) stdout(`${JSON.stringify(asJson(result.right))}\n`);
    progress.show(tally.total, bytes);
    if (isInterrupted(deps)) break;
  }
  code = interruptedOr(deps, code);
  progress.clear();
  const summary = json === true ? stderr : stdout;
  summary(faultsOf(tally));
  summary(tableOf(tally));
  if (code === exit.interrupted) stderr('Interrupted; replay the same input again to go on.\n');
  return code;
};

/**
 * `freshmaker replay <file|folder|-> …`: puts recorded messages on record as if they came now, as a
 * rehearsal unless `act`. Answers the exit code: 0 done, 2 usage, 4 log unreachable, 130 interrupted.
 */
export const replayCommand =
  (deps: ReplayDeps) =>
  async (inputs: ReadonlyArray<string>, options: ReplayOptions = {}): Promise<number> => {
    const found = await findInputs(inputs);
    const fault = usageFault(inputs, found);
    if (fault !== undefined) {
      deps.stderr(`freshmaker replay: ${fault}\n`);
      return exit.usage;
    }
    const log = await deps.openLog()();
    if (E.isLeft(log)) {
      deps.stderr(`freshmaker replay: the log cannot be opened: ${log.left.reason}\n`);
      return exit.unreachable;
    }
    try {
      return await run(deps, log.right, found, options);
    } finally {
      await log.right.close();
    }
  };
