import type {
  AllStreamResolvedEvent,
  EventStoreDBClient,
  Filter as ServerFilter,
  Position,
} from '@eventstore/db-client';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { START } from '@eventstore/db-client';
import { silence } from './failures.ts';
import { requiresLeader } from './leader.ts';
import type { ServerEvent } from './recorded.ts';

/**
 * What lay ready, in order. `isAll` when nothing more did, `isCaughtUp` when the server has said so
 * since the last handful, of what came before.
 */
export type Handful = {
  readonly events: ReadonlyArray<ServerEvent>;
  readonly isAll: boolean;
  readonly isCaughtUp: boolean;
};

export type Subscribing = {
  readonly client: EventStoreDBClient;
  readonly from: Position | undefined;
  readonly filter: ServerFilter;
  /** How long, in milliseconds, the server may take to confirm. */
  readonly patience: number;
  readonly signal: AbortSignal;
};

/** Events the client may hold ready: the server waits when nobody takes them. */
const ahead = 256;
const largestHandful = 500;

type State = {
  failure?: Error;
  isOver: boolean;
  isCaughtUp: boolean;
  wake: () => void;
};

/**
 * A subscription to the whole log as handfuls, until the signal aborts or the call ends. Throws
 * what ended it, when that was no abort. Leaves no call open behind it.
 */
export async function* handfuls(options: Subscribing): AsyncGenerator<Handful> {
  const { client, from, filter, patience, signal } = options;
  const subscription = client.subscribeToAll(
    { fromPosition: from ?? START, filter, requiresLeader },
    { highWaterMark: ahead },
  );
  const state: State = { isOver: false, isCaughtUp: false, wake: () => undefined };
  const stir = (): void => {
    state.wake();
  };
  const fail = (error: Error): void => {
    state.failure ??= error;
    stir();
  };
  const finish = (): void => {
    state.isOver = true;
    stir();
  };
  const unconfirmed = setTimeout(() => {
    fail(silence(patience));
  }, patience);
  subscription
    .on('confirmation', () => {
      clearTimeout(unconfirmed);
    })
    // Said when it is decoded, which is before the events ahead of it are taken: noted here, told
    // when nothing is left.
    .on('caughtUp', () => {
      state.isCaughtUp = true;
      stir();
    })
    .on('error', fail)
    .on('end', finish)
    .on('close', finish)
    .on('readable', stir);
  signal.addEventListener('abort', stir);

  const taken = (): ReadonlyArray<ServerEvent> => {
    const events: Array<ServerEvent> = [];
    while (events.length < largestHandful) {
      const item = subscription.read() as AllStreamResolvedEvent | null;
      if (item === null) break;
      if (item.event !== undefined) events.push(item.event);
    }
    return events;
  };

  try {
    while (!signal.aborted) {
      const stirred = new Promise<void>((resolve) => {
        state.wake = resolve;
      });
      const events = taken();
      const isAll = events.length < largestHandful;
      const isNews = isAll && state.isCaughtUp;
      if (isNews) state.isCaughtUp = false;
      if (events.length > 0 || isNews) yield { events, isAll, isCaughtUp: isNews };
      else if (state.failure !== undefined) throw state.failure;
      else if (state.isOver) return;
      else {
        await stirred;
        // What arrives together is decoded one by one; a turn later it lies ready together.
        await nextTurn();
      }
    }
  } finally {
    clearTimeout(unconfirmed);
    signal.removeEventListener('abort', stir);
    // Rejects only where the call was never made, which has been told already.
    subscription.unsubscribe().catch(stir);
  }
}
