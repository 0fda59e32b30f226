import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import type { Ingest } from '../../ingest/append-message.ts';

/** A folder of the test's own, gone when it ends. */
export const aFolder = (t: ExecutionContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-ingest-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const aLog = async (t: ExecutionContext): Promise<EventLog> => {
  const opened = await openEmbeddedLog({ file: join(aFolder(t), 'log.db') })();
  if (E.isLeft(opened)) throw new Error(opened.left.reason);
  t.teardown(() => opened.right.close());
  return opened.right;
};

export const anIngest = (log: EventLog): Ingest => ({
  log,
  newId: randomUUID,
  now: () => '2026-01-02T03:04:05.000Z',
  actor: 'test',
  codeVersion: '0.0.0',
  transport: 'test',
});

/** All events of a stream. */
export const eventsOf = async (
  log: EventLog,
  stream: string,
): Promise<ReadonlyArray<RecordedEvent>> => {
  const events = await log.readStream(stream, 0, 1000)();
  if (E.isLeft(events)) throw new Error(events.left.reason);
  return events.right;
};

/** The body as the log has it: from the event, or from the parts it names. */
export const storedBody = (events: ReadonlyArray<RecordedEvent>): string => {
  const observed = events.find(({ type }) => type === 'MessageObserved');
  const body = observed?.data['body'] as {
    readonly text?: string;
    readonly firstPart?: number;
    readonly lastPart?: number;
  };
  if (body.text !== undefined) return body.text;
  const parts = events.slice(body.firstPart, (body.lastPart ?? 0) + 1);
  return parts.map(({ data }) => data['text'] as string).join('');
};
