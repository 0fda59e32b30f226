import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { PushReading } from '../trigger/reading.ts';
import type { BranchEvent } from './events.ts';

export type Heard = {
  readonly messageId: string;
  readonly messageStream: string;
  readonly sentAt: string;
  readonly authoritative: boolean;
  readonly notBefore: string | null;
  readonly reading: PushReading;
};
export type Push = Heard & { readonly settled: boolean };
export type BranchState = { readonly pushes: ReadonlyArray<Push> };

type Hear = Heard & { readonly type: 'Hear' };
type Settle = { readonly type: 'Settle'; readonly messageId: string } & (
  | { readonly as: 'used'; readonly trigger: string }
  | { readonly as: 'covered'; readonly by: string }
);
export type BranchCommand = Hear | Settle;

const initial: BranchState = { pushes: [] };

const settled = (state: BranchState, messageId: string): BranchState => ({
  pushes: state.pushes.map((p) => (p.messageId === messageId ? { ...p, settled: true } : p)),
});

const evolve = (state: BranchState, event: BranchEvent): BranchState => {
  switch (event.type) {
    case 'PushHeard': {
      const { messageId, messageStream, sentAt, authoritative, notBefore, reading } = event;
      const heard = { messageId, messageStream, sentAt, authoritative, notBefore };
      const push: Push = { ...heard, reading: reading as PushReading, settled: false };
      return { pushes: [...state.pushes, push] };
    }
    case 'PushUsed':
    case 'PushCovered':
      return settled(state, event.messageId);
  }
};

const decide = (
  command: BranchCommand,
  state: BranchState,
): E.Either<never, ReadonlyArray<BranchEvent>> => {
  const { messageId } = command;
  const known = state.pushes.find((push) => push.messageId === messageId);
  if (command.type === 'Hear') {
    const { messageStream, sentAt, authoritative, notBefore, reading } = command;
    if (known !== undefined) return E.right([]);
    return E.right([
      {
        ...{ type: 'PushHeard', messageId, messageStream, sentAt },
        ...{ authoritative, notBefore, reading },
      },
    ]);
  }
  if (known === undefined || known.settled) return E.right([]);
  if (command.as === 'used') {
    return E.right([{ type: 'PushUsed', messageId, trigger: command.trigger }]);
  }
  return E.right([{ type: 'PushCovered', messageId, by: command.by }]);
};

/** What was heard of one dist-git branch: two publishers may speak of one push. */
export const branch: Decider<BranchCommand, BranchState, BranchEvent, never> = {
  initial,
  evolve,
  decide,
};

/**
 * The push of the authoritative publisher that covers this one: the same revision, or one of the
 * same branch sent between the two times (ISO) given.
 */
export const coveredBy = (
  state: BranchState,
  push: Push,
  around: { readonly from: string; readonly to: string },
): Push | undefined =>
  state.pushes.find(
    (other) =>
      other.authoritative &&
      (other.reading.rev === push.reading.rev ||
        (other.sentAt >= around.from && other.sentAt <= around.to)),
  );
