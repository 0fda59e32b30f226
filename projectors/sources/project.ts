import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { SourceRow } from './row.ts';
import { sourcesModel } from './row.ts';

const project = (
  row: SourceRow | undefined,
  { event, metadata }: Recorded<EventOf<'MessageObserved'>>,
): SourceRow => {
  const { transport, messageId: lastMessageId, topic: lastTopic } = event;
  const { recordedAt: lastObservedAt } = metadata;
  const messages = (row?.messages ?? 0) + 1;
  return { transport, lastMessageId, lastTopic, lastObservedAt, messages };
};

/** When each source last brought a message. */
export const sourcesProjector: Projector<SourceRow, EventOf<'MessageObserved'>> = {
  model: sourcesModel,
  categories: ['message', 'dry_message'],
  types: ['MessageObserved'],
  touches: ({ event }) => [event.transport],
  project,
};
