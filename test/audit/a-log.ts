import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ExecutionContext } from 'ava';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportLog } from '../../audit/export.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog, SealedEvent } from '../../event-log/event-log.ts';
import { type Head, seal } from '../../event-log/seal.ts';

export const right = async <A>(task: TaskEither<unknown, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`left: ${JSON.stringify(result.left)}`);
  return result.right;
};

export const sealedAfter = (
  stream: string,
  head: Head | undefined,
  ids: ReadonlyArray<string>,
): ReadonlyArray<SealedEvent> => {
  const metadata = {
    correlationId: 'žluťoučký "kůň"',
    actor: 'a test',
    recordedAt: '2026-01-02T03:04:05.678Z',
    schema: 1,
    codeVersion: '0.0.0',
  };
  const event = (id: string) => ({
    id,
    type: 'SomethingHappened',
    data: { it: ['🐎', 1.5] },
    metadata,
  });
  return seal(stream, head, ids.map(event));
};

/** A log in a file with four events in each of three streams, written in turns. */
export const aWrittenLog = async (
  t: ExecutionContext,
): Promise<{ readonly log: EventLog; readonly file: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-audit-'));
  const file = join(folder, 'log.db');
  const log = await right(openEmbeddedLog({ file }));
  t.teardown(async () => {
    await log.close();
    await rm(folder, { recursive: true, force: true });
  });
  const heads = new Map<string, Head>();
  for (let round = 0; round < 4; round += 1) {
    for (const stream of ['a-1', 'a-2', 'b-1']) {
      const head = heads.get(stream);
      const events = sealedAfter(stream, head, [randomUUID()]);
      await right(log.append(stream, head?.revision ?? 'no-stream', events));
      heads.set(stream, { revision: round, hash: events[0]?.metadata.hash ?? '' });
    }
  }
  return { log, file };
};

export const exported = async (log: Pick<EventLog, 'head' | 'readAll'>): Promise<string> => {
  let text = '';
  const write = (chunk: string): Promise<void> => {
    text += chunk;
    return Promise.resolve();
  };
  await right(exportLog(log, write));
  return text;
};
