import * as E from 'fp-ts/lib/Either.js';
import type { Realm } from '../../domain/stream-names.ts';
import { triggerStream } from '../../domain/stream-names.ts';
import type { TriggerReading } from '../../domain/trigger/reading.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import type { Context, FoldCache, Hand } from '../../event-log/carry-out.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { ClaimNumber } from '../claim-number.ts';

export type Occasion = {
  readonly messageId: string;
  readonly messageStream: string;
  readonly sentAt: string;
  readonly reading: TriggerReading;
};

/** Opens the trigger's stream unless it is open already; answers the stream's name. */
export type NoticeTrigger = (
  realm: Realm,
  context: Context,
  occasion: Occasion,
) => Promise<E.Either<Hindrance, string>>;

export const noticeTriggerWith =
  (hand: Hand, cache: FoldCache, claimNumber: ClaimNumber): NoticeTrigger =>
  async (realm, context, { messageId, messageStream, sentAt, reading }) => {
    const stream = triggerStream(realm, reading.id);
    const loaded = await loadStream(hand.log, cache)(stream, trigger);
    if (E.isLeft(loaded)) return loaded;
    if (loaded.right.head !== undefined) return E.right(stream);
    const number = await claimNumber(stream, context);
    if (E.isLeft(number)) return number;
    const noticed = await carryOut(hand, cache)(stream, trigger, context, {
      ...{ type: 'Notice', number: number.right, trigger: reading.id },
      ...{ rehearsal: realm === 'rehearsal', messageId, messageStream, sentAt, reading },
    });
    return E.map(() => stream)(noticed);
  };
