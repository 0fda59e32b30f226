import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../domain/json.ts';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import { seal } from '../../event-log/seal.ts';
import { must } from './service.ts';

export type FromTheFuture = {
  readonly type: string;
  readonly data?: JsonObject;
  /** The shape of its type; 2 unless given. */
  readonly schema?: number;
};

/** What version 9.0.0 would append to a stream; answers the event as it is on record. */
export const writeAsNewer = async (
  log: EventLog,
  stream: string,
  { type, data = {}, schema = 2 }: FromTheFuture,
): Promise<RecordedEvent> => {
  const last = must(await log.last(stream)());
  const head = last && { revision: last.revision, hash: last.metadata.hash };
  const metadata = {
    ...{ correlationId: 'future', actor: 'freshmaker', codeVersion: '9.0.0', schema },
    recordedAt: '2026-11-22T12:00:00.000Z',
  };
  const events = seal(stream, head, [{ id: randomUUID(), type, data, metadata }]);
  must(await log.append(stream, head?.revision ?? 'no-stream', events)());
  const written = must(await log.last(stream)());
  if (written === undefined) throw new Error(`${stream} holds nothing`);
  return written;
};
