import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { NewEvent, RecordedEvent, SealedEvent } from './event-log.ts';

/** Where a stream stands: the revision and hash of its newest event. */
export type Head = { readonly revision: number; readonly hash: string };

/**
 * SHA-256, hex, of the event's canonical JSON (RFC 8785) without the hash itself. Covers the stream,
 * the revision and the hash of the event before, so nothing can be changed, moved or left out.
 */
export const hashOf = (stream: string, revision: number, event: SealedEvent): string => {
  const metadata: Record<string, unknown> = { ...event.metadata };
  delete metadata['hash'];
  const { id, type, data } = event;
  const canonical = canonicalize({ stream, revision, id, type, data, metadata });
  return createHash('sha256')
    .update(canonical ?? '')
    .digest('hex');
};

/** Makes events the next links of their stream's chain. */
export const seal = (
  stream: string,
  head: Head | undefined,
  events: ReadonlyArray<NewEvent>,
): ReadonlyArray<SealedEvent> => {
  let prev = head?.hash ?? null;
  let revision = head === undefined ? 0 : head.revision + 1;
  return events.map((event) => {
    const open: SealedEvent = { ...event, metadata: { ...event.metadata, prev, hash: '' } };
    const hash = hashOf(stream, revision, open);
    prev = hash;
    revision += 1;
    return { ...open, metadata: { ...open.metadata, hash } };
  });
};

/** Whether a recorded event is what was sealed, given the hash of the one before it. */
export const isIntact = (event: RecordedEvent, prev: string | null): boolean =>
  event.metadata.prev === prev &&
  event.metadata.hash === hashOf(event.stream, event.revision, event);
