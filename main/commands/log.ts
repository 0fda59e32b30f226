import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Verdict } from '../../audit/chain.ts';
import { exportLog } from '../../audit/export.ts';
import { verify } from '../../audit/verify.ts';
import { verifyExport } from '../../audit/verify-export.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import { exit } from './exit-codes.ts';
import { farOn } from './progress.ts';

/** What the commands work with. `clock`: milliseconds that never go back. */
export type LogDeps = {
  readonly openLog: () => TaskEither<LogFailure, EventLog>;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Resolves when there is room for more. */
  readonly stdout: (text: string) => Promise<void>;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  readonly clock: () => number;
};

type Json = { readonly json?: boolean };
type Output = Pick<LogDeps, 'stdout' | 'stderr'>;

const shownFaults = 20;

const verdictInWords = (what: string, verdict: Verdict): string => {
  const { events, streams, digest, faultCount, faults } = verdict;
  const size = `${events} events in ${streams} streams`;
  if (faultCount === 0) return `${what} is intact: ${size}.\nDigest ${digest}\n`;
  const listed = faults.slice(0, shownFaults).map(({ at, line, code, reason }) => {
    const place = line === undefined || at === `line ${line}` ? at : `${at} (line ${line})`;
    return `  ${place}  ${code}: ${reason}\n`;
  });
  const rest = faultCount > shownFaults ? `  … and ${faultCount - shownFaults} more\n` : '';
  const count = faultCount === 1 ? '1 fault' : `${faultCount} faults`;
  return `${what} is BROKEN: ${count} in ${size}.\n${listed.join('')}${rest}`;
};

const tellVerdict = async (
  { stdout }: Output,
  what: string,
  verdict: Verdict,
  { json }: Json,
): Promise<number> => {
  const isIntact = verdict.faultCount === 0;
  await stdout(
    json === true
      ? `${JSON.stringify({ what, intact: isIntact, ...verdict })}\n`
      : verdictInWords(what, verdict),
  );
  return isIntact ? exit.done : exit.failed;
};

const withLog = async (deps: LogDeps, use: (log: EventLog) => Promise<number>): Promise<number> => {
  const log = await deps.openLog()();
  if (E.isLeft(log)) {
    deps.stderr(`freshmaker log: the log cannot be opened: ${log.left.reason}\n`);
    return log.left.code === 'corrupt' ? exit.failed : exit.unreachable;
  }
  try {
    return await use(log.right);
  } finally {
    await log.right.close();
  }
};

const verifyFile = async (deps: LogDeps, file: string, options: Json): Promise<number> => {
  const progress = farOn({ ...deps, write: deps.stderr });
  const bytes = file === '-' ? deps.stdin : createReadStream(file);
  const verdict = await verifyExport(bytes, (done) =>
    progress.show({ done, total: null, what: 'events' }),
  )();
  progress.clear();
  if (E.isRight(verdict)) return tellVerdict(deps, file, verdict.right, options);
  deps.stderr(`freshmaker log verify: ${file}: ${verdict.left.reason}\n`);
  return exit.usage;
};

/**
 * `log verify [file]`: walks the log, or a file that `log export` made. Exit 0 intact, 1 broken with
 * the places named as stream@revision, 2 no such file, 4 the log cannot be read.
 */
export const logVerify = (
  deps: LogDeps,
  file: string | undefined,
  options: Json,
): Promise<number> => {
  if (file !== undefined) return verifyFile(deps, file, options);
  return withLog(deps, async (log) => {
    const progress = farOn({ ...deps, write: deps.stderr });
    const verdict = await verify(log, ({ events: done }) =>
      progress.show({ done, total: null, what: 'events' }),
    )();
    progress.clear();
    if (E.isRight(verdict)) return tellVerdict(deps, 'The log', verdict.right, options);
    deps.stderr(`freshmaker log verify: the log cannot be read: ${verdict.left.reason}\n`);
    return exit.unreachable;
  });
};

const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const exportTo = async (
  deps: LogDeps,
  log: EventLog,
  write: (text: string) => Promise<void>,
): Promise<number> => {
  const progress = farOn({ ...deps, write: deps.stderr });
  const done = await exportLog(log, write, ({ events }) =>
    progress.show({ done: events, total: null, what: 'events' }),
  )();
  progress.clear();
  if (E.isLeft(done)) {
    deps.stderr(`freshmaker log export: ${done.left.reason}\n`);
    return done.left.code === 'unwritable' ? exit.usage : exit.unreachable;
  }
  const { events, sha256 } = done.right;
  deps.stderr(`${events} events exported; SHA-256 of the lines before the last: ${sha256}\n`);
  return exit.done;
};

const exportFile = async (deps: LogDeps, log: EventLog, file: string): Promise<number> => {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx');
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EEXIST';
    const what = taken ? `${file} is there already; name a file that is not` : whyOf(error);
    deps.stderr(`freshmaker log export: ${what}\n`);
    return exit.usage;
  }
  try {
    const code = await exportTo(deps, log, async (text) => {
      await handle.appendFile(text);
    });
    if (code === exit.done) await handle.sync();
    else await rm(file, { force: true });
    return code;
  } finally {
    await handle.close();
  }
};

/**
 * `log export [--to file]`: the whole log as NDJSON, with a closing line that says what it adds up
 * to. A file that exists is not overwritten.
 */
export const logExport = (deps: LogDeps, { to }: { readonly to?: string }): Promise<number> =>
  withLog(deps, (log) =>
    to === undefined ? exportTo(deps, log, deps.stdout) : exportFile(deps, log, to),
  );
