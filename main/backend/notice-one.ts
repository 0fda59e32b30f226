import * as E from 'fp-ts/lib/Either.js';
import { decodeRecorded } from '../../event-log/carry-out.ts';
import type { RecordedEvent } from '../../event-log/event-log.ts';
import type { NoticeDeps } from '../../sagas/notice/deps.ts';
import { noticeMessage } from '../../sagas/notice/notice-message.ts';

type Done = E.Either<{ readonly code: string; readonly reason?: string }, void>;

/** Takes one message to where it belongs; left where it cannot be. */
export const noticeOne = async (deps: NoticeDeps, recorded: RecordedEvent): Promise<Done> => {
  const event = decodeRecorded(recorded);
  if (E.isLeft(event)) return event;
  if (event.right.type !== 'MessageUnderstood') return E.right(undefined);
  const before = await deps.hand.log.readStream(recorded.stream, recorded.revision - 1, 1)();
  if (E.isLeft(before)) return before;
  const first = before.right[0];
  const observed = first === undefined ? E.right(undefined) : decodeRecorded(first);
  if (E.isLeft(observed)) return observed;
  if (observed.right?.type !== 'MessageObserved') {
    const reason = `${recorded.stream}@${recorded.revision} follows no observation`;
    return E.left({ code: 'corrupt', reason });
  }
  const { recordedAt: observedAt } = recorded.metadata;
  const { reading } = event.right;
  return noticeMessage(deps, { recorded, observed: observed.right, observedAt }, reading);
};
