import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { EventLog, LogFailure } from '../../../event-log/event-log.ts';
import type { RunDeps } from '../../../ingest/datagrepper/finish-run.ts';
import { tellStream } from '../../../ingest/datagrepper/finish-run.ts';
import { exit } from '../exit-codes.ts';

type Deps = {
  readonly openLog: () => TaskEither<LogFailure, EventLog>;
  readonly walkDeps: (log: EventLog) => Pick<RunDeps, 'ingest' | 'cache' | 'realm'>;
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly now: () => string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
};

type Options = { readonly json?: boolean; readonly since?: string; readonly until?: string };

const say = (text: string): string => `freshmaker catch-up: ${text}\n`;

/**
 * `catch-up --cancel`: gives up what was ordered and interrupted; what it fetched stays on record.
 * Exit 0 nothing is open any more, 2 wrong use, 4 somebody is at it or the log cannot be reached.
 */
export const cancelOrder = async (
  { openLog, walkDeps, by, now, stdout, stderr }: Deps,
  { json = false, since, until }: Options,
): Promise<number> => {
  if (since !== undefined || until !== undefined) {
    stderr(say('--cancel gives up what is open, whatever its time; leave --since and --until out'));
    return exit.usage;
  }
  const log = await openLog()();
  if (E.isLeft(log)) {
    stderr(say(`the log cannot be opened: ${log.left.reason}`));
    return exit.unreachable;
  }
  try {
    const said = await tellStream(walkDeps(log.right), { type: 'Cancel', by, now: now() });
    if (E.isLeft(said)) {
      if (json) stdout(`${JSON.stringify({ cancelled: false, ...said.left })}\n`);
      stderr(say(`${said.left.reason}.`));
      return exit.unreachable;
    }
    stdout(json ? `${JSON.stringify({ cancelled: true })}\n` : 'No order is open any more.\n');
    return exit.done;
  } finally {
    await log.right.close();
  }
};
