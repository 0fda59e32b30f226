import * as E from 'fp-ts/lib/Either.js';
import type { UnknownEvent } from '../domain/read-event.ts';
import { readEvent } from '../domain/read-event.ts';
import type { RecordedEvent } from '../event-log/event-log.ts';
import type { Recorded } from './projector.ts';

/** A recorded event with what it says; left where a newer version wrote it, with what to do. */
export const readRecorded = (recorded: RecordedEvent): E.Either<UnknownEvent, Recorded> => {
  const { id, metadata, stream, revision, position } = recorded;
  const event = readEvent(recorded);
  if (E.isLeft(event)) return event;
  return E.right({ id, metadata, stream, revision, position, event: event.right });
};
