import type { ExecutionContext } from 'ava';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type EventStoreOptions,
  openEventStoreLog,
} from '../../event-log/eventstoredb/eventstoredb-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { openStandIn, type StandIn, type StandInOptions } from '../support/eventstore/stand-in.ts';
import { right } from './an-event.ts';

export type Scene = { readonly standIn: StandIn; readonly log: EventLog };

/** A stand-in of a test's own and a log on it. */
export const scene = async (
  t: ExecutionContext,
  options: Omit<EventStoreOptions, 'connectionString'> = {},
  standInOptions: StandInOptions = {},
): Promise<Scene> => {
  const standIn = await openStandIn(standInOptions);
  const { connectionString } = standIn;
  const log = await right(openEventStoreLog({ connectionString, ...options }));
  t.teardown(async () => {
    await log.close();
    await standIn.close();
  });
  return { standIn, log };
};

/** Settles when `isSo`, looking again every few milliseconds; AVA's time limit ends it. */
export const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(3);
};

/** How many events a stream holds on the server. */
export const count = ({ store }: StandIn, stream: string): number =>
  store.stream(stream)?.length ?? 0;
