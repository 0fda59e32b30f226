import * as E from 'fp-ts/lib/Either.js';
import type { BackfillEvent } from '../../../domain/backfill/events.ts';
import type { Hand } from '../../../event-log/carry-out.ts';
import { appendEvents, decodeRecorded } from '../../../event-log/carry-out.ts';
import type { Head } from '../../../event-log/seal.ts';
import type { Hindrance } from '../../../sagas/act.ts';

/** Where a backfill notes how far it is; `last` is what an earlier run noted last. */
export type Notebook = {
  readonly last: BackfillEvent | undefined;
  readonly note: (event: BackfillEvent) => Promise<E.Either<Hindrance, void>>;
};

const sameTime: Hindrance = {
  code: 'conflict',
  reason: 'another backfill is under way on this log; let it finish, or stop it and start again',
};

/** Opens the notebook kept in this stream. Left `conflict` from a note where another run writes. */
export const openNotebook = async (
  hand: Hand,
  stream: string,
): Promise<E.Either<Hindrance, Notebook>> => {
  const found = await hand.log.last(stream)();
  if (E.isLeft(found)) return found;
  const recorded = found.right;
  const event = recorded === undefined ? E.right(undefined) : decodeRecorded(recorded);
  if (E.isLeft(event)) return event;
  let head: Head | undefined = recorded && {
    revision: recorded.revision,
    hash: recorded.metadata.hash,
  };
  const context = { correlationId: stream.replace(/^operator-/u, '') };
  const note: Notebook['note'] = async (next) => {
    const noted = await appendEvents(hand)(stream, head, context, [next]);
    if (E.isLeft(noted)) return noted.left.code === 'conflict' ? E.left(sameTime) : noted;
    head = noted.right;
    return E.right(undefined);
  };
  return E.right({ last: event.right as BackfillEvent | undefined, note });
};
