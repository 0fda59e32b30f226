import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Chunk } from './history.ts';

/** The value; a failure ends the run, which has nothing to measure then. */
export const must = async <A>(task: TaskEither<unknown, A>): Promise<A> => {
  const outcome = await task();
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};

/** Runs with a folder of its own, which is removed afterwards. */
export const inFolder = async <A>(run: (folder: string) => Promise<A>): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-bench-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const openLog = (file: string): Promise<EventLog> => must(openEmbeddedLog({ file }));

/** Appends chunks, 256 in flight. */
export const appendAll = async (log: EventLog, chunks: ReadonlyArray<Chunk>): Promise<void> => {
  for (let from = 0; from < chunks.length; from += 256) {
    const group = chunks.slice(from, from + 256);
    await Promise.all(
      group.map(({ stream, events }) => must(log.append(stream, 'no-stream', events))),
    );
  }
};
