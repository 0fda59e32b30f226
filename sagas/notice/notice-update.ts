import * as E from 'fp-ts/lib/Either.js';
import { realmOf } from '../../domain/stream-names.ts';
import type { TriggerReading } from '../../domain/trigger/reading.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { contextOf, messageOf } from './deps.ts';

/** What the message tells of is a trigger, in the message's own realm. */
export const noticeUpdate = async (
  { noticeTrigger }: NoticeDeps,
  understood: Understood,
  reading: TriggerReading,
): Promise<Done> => {
  const realm = realmOf(understood.recorded.stream);
  const occasion = { ...messageOf(understood), reading };
  const noticed = await noticeTrigger(realm, contextOf(understood), occasion);
  return E.map(() => undefined)(noticed);
};
