import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Stores } from '../../main/open-stores.ts';
import { eventsModel, eventStates } from '../../projectors/events/row.ts';
import { projectors } from '../../projectors/all.ts';
import { messagesModel } from '../../projectors/messages/row.ts';
import { laggards } from './models.ts';
import { publishedIn } from './world.ts';

/** What is still under way, in words; undefined when nothing is. */
export const underWay = async (stores: Stores, sandbox: string): Promise<string | undefined> => {
  const { readModels } = stores;
  const events = readModels.reader(eventsModel);
  const total = await events.count([])();
  const under = [eventStates.INITIALIZED, eventStates.BUILDING];
  const open = await events.count([{ field: 'state', in: under }])();
  const messages = await readModels.reader(messagesModel).count([])();
  if (E.isLeft(total)) return total.left.reason;
  if (E.isLeft(open)) return open.left.reason;
  if (E.isLeft(messages)) return messages.left.reason;
  const published = (await publishedIn(sandbox)).length;
  if (messages.right < published) return `${published - messages.right} messages not on record`;
  if (open.right > 0) return `${open.right} of ${total.right} events are open`;
  const late = await laggards(stores);
  return late.length === 0 ? undefined : `${late.join(', ')} not caught up`;
};

const cause = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Waits until nothing is under way, and says now and then what is. */
export const settle = async (
  stores: Stores,
  sandbox: string,
  patience: number,
  tell: (line: string) => void,
): Promise<void> => {
  const began = performance.now();
  let told = began;
  for (;;) {
    const open = await underWay(stores, sandbox).catch(cause);
    if (open === undefined) return;
    const now = performance.now();
    if (now - began > patience) throw new Error(`after ${patience / 1000} s still: ${open}`);
    if (now - told > 10_000) {
      told = now;
      tell(`waiting: ${open}`);
    }
    await pause(500);
  }
};

/** What grows while somebody is at it, and sorts as it grows; undefined while nobody can tell. */
export type Growing = (stores: Stores) => Promise<string | undefined>;

/** How far the model is told that lags most: every one of them has a writer that is at it. */
export const allModelsTold: Growing = async ({ readModels }) => {
  const told = await Promise.all(
    projectors.map(async ({ model }) => readModels.reader(model).checkpoint()()),
  );
  const at = told.flatMap((each) => (E.isRight(each) ? [each.right?.position ?? ''] : []));
  return at.length < told.length
    ? undefined
    : at.reduce((one, other) => (one < other ? one : other));
};

/** How many messages came from the broker: consumers are at it. */
export const messagesFromBroker: Growing = async ({ readModels }) => {
  const from = [{ field: 'transport', in: ['amqp'] }];
  const messages = await readModels.reader(messagesModel).count(from)();
  return E.isLeft(messages) ? undefined : String(messages.right).padStart(12, '0');
};

/** Seconds until something has grown past a mark: somebody is at it again. */
export const secondsUntilPast = async (
  stores: Stores,
  growing: Growing,
  mark: string,
  patience: number,
): Promise<number> => {
  const began = performance.now();
  for (;;) {
    const now = await growing(stores).catch(() => undefined);
    if (now !== undefined && now > mark) return (performance.now() - began) / 1000;
    if (performance.now() - began > patience) {
      throw new Error(`nothing moved for ${patience / 1000} s`);
    }
    await pause(100);
  }
};

/** Where something stands now; waits for an answer. */
export const markOf = async (stores: Stores, growing: Growing): Promise<string> => {
  for (;;) {
    const now = await growing(stores).catch(() => undefined);
    if (now !== undefined) return now;
    await pause(100);
  }
};

/** How far the log is. */
export const headOfLog: Growing = async ({ log }) => {
  const head = await log.head()();
  return E.isLeft(head) ? undefined : head.right;
};
