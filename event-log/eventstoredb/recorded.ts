import type { AllStreamRecordedEvent, RecordedEvent as Stored } from '@eventstore/db-client';
import * as t from 'io-ts';
import { Count, JsonRecord } from '../../domain/codec.ts';
import type { RecordedEvent, SealedMetadata } from '../event-log.ts';
import { logError } from '../log-error.ts';
import { textOf } from './positions.ts';

export type ServerEvent = Stored | AllStreamRecordedEvent;

/** What the hash chain needs. Fields of later versions stay: the hash covers them. */
const Metadata = t.intersection(
  [
    t.type({
      correlationId: t.string,
      actor: t.string,
      recordedAt: t.string,
      schema: t.number,
      codeVersion: t.string,
      prev: t.union([t.string, t.null]),
      hash: t.string,
    }),
    t.partial({ causationId: t.string }),
  ],
  'metadata',
);

const isSealed = (metadata: unknown): metadata is SealedMetadata => Metadata.is(metadata);

/** False for what the server keeps for itself: streams and types that begin with `$`. */
export const isOurs = ({ streamId, type }: ServerEvent): boolean =>
  !streamId.startsWith('$') && !type.startsWith('$');

const corrupt = (event: ServerEvent, what: string): Error =>
  logError({
    code: 'corrupt',
    reason: `event ${event.revision} of stream ${event.streamId} ${what}; it was damaged, or another program wrote it: the log needs a server, or a copy, of its own`,
  });

/**
 * The event as we wrote it. The client hands over broken JSON as text and foreign metadata as
 * bytes, so nothing it says is taken unlooked at: what does not fit is thrown as `corrupt`.
 */
export const recordedOf = (event: ServerEvent): RecordedEvent => {
  const { id, type, streamId, position } = event;
  const data: unknown = event.data;
  const metadata: unknown = event.metadata;
  const revision = Number(event.revision);
  if (!event.isJson || !JsonRecord.is(data)) throw corrupt(event, 'holds no JSON object');
  if (!isSealed(metadata)) throw corrupt(event, 'has no metadata of ours');
  if (!Count.is(revision)) throw corrupt(event, 'is beyond 2^53');
  if (position === undefined) throw corrupt(event, 'comes without its position in the log');
  return { id, type, data, metadata, stream: streamId, revision, position: textOf(position) };
};
