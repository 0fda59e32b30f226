import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Stores } from '../../main/open-stores.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import { eventsModel } from '../../projectors/events/row.ts';
import { messagesModel } from '../../projectors/messages/row.ts';
import { laggards } from './models.ts';
import { publishedIn } from './world.ts';

/** What is still under way, in words; undefined when nothing is. */
export const underWay = async (stores: Stores, sandbox: string): Promise<string | undefined> => {
  const { readModels } = stores;
  const events = readModels.reader(eventsModel);
  const total = await events.count([])();
  const open = await events.count([{ field: 'timeDone', in: [null] }])();
  const messages = await readModels.reader(messagesModel).count([])();
  if (E.isLeft(total) || E.isLeft(open) || E.isLeft(messages)) return 'the read models answer not';
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

/** What moves while all is well: rows written, and events on record. */
const standing = async ({ log, readModels }: Stores): Promise<string | undefined> => {
  const head = await log.head()();
  const told = await readModels.reader(openWorkModel).checkpoint()();
  if (E.isLeft(head) || E.isLeft(told)) return undefined;
  return told.right?.position;
};

/** Seconds until open work is told anew, further than it was: somebody is at it again. */
export const secondsUntilAtIt = async (stores: Stores, patience: number): Promise<number> => {
  const began = performance.now();
  let before = await standing(stores).catch(() => undefined);
  for (;;) {
    await pause(100);
    const now = await standing(stores).catch(() => undefined);
    if (before !== undefined && now !== undefined && now > before) {
      return (performance.now() - began) / 1000;
    }
    before ??= now;
    if (performance.now() - began > patience) {
      throw new Error(`nothing moved for ${patience / 1000} s`);
    }
  }
};
