import * as E from 'fp-ts/lib/Either.js';
import { catalogue } from '../domain/catalogue.ts';
import { decode } from '../domain/codec.ts';
import type { RecordedEvent } from '../event-log/event-log.ts';
import type { Recorded } from './projector.ts';

export type UnknownEvent = {
  readonly code: 'unknown-event';
  readonly position: string;
  readonly reason: string;
};

const unknown = (recorded: RecordedEvent, what: string): E.Either<UnknownEvent, never> => {
  const { stream, revision, type, position } = recorded;
  return E.left({
    code: 'unknown-event',
    position,
    reason: `${type} at ${stream}@${revision} ${what}. It was written by another version of Freshmaker: run one that is at least as new.`,
  });
};

/** What a recorded event says, by the codec of its type. */
export const readRecorded = (recorded: RecordedEvent): E.Either<UnknownEvent, Recorded> => {
  const { type, data, id, metadata, stream, revision, position } = recorded;
  const codec = catalogue.get(type);
  if (codec === undefined) return unknown(recorded, 'is of a type that this version does not know');
  const decoded = decode(codec)({ type, ...data });
  if (E.isLeft(decoded)) {
    return unknown(recorded, `cannot be read: ${decoded.left.reasons.join('; ')}`);
  }
  return E.right({ id, metadata, stream, revision, position, event: decoded.right });
};
