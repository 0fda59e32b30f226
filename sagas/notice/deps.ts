import type * as E from 'fp-ts/lib/Either.js';
import type { MessageEvent } from '../../domain/message/events.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import type { RecordedEvent } from '../../event-log/event-log.ts';
import type { Hindrance } from '../act.ts';
import type { CurrentPolicy } from '../current-policy.ts';
import type { FindCompose } from '../open-work.ts';
import type { NoticeTrigger } from './notice-trigger.ts';

export type NoticeDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly policy: CurrentPolicy;
  readonly noticeTrigger: NoticeTrigger;
  readonly findCompose: FindCompose;
};

/** What was understood, with the observation of the same append before it. */
export type Understood = {
  readonly recorded: RecordedEvent;
  readonly observed: Extract<MessageEvent, { readonly type: 'MessageObserved' }>;
  readonly observedAt: string;
};

export type Done = E.Either<Hindrance, void>;

/** What leads from the message to the events it causes. */
export const contextOf = ({ recorded, observed }: Understood) => ({
  correlationId: observed.messageId,
  causationId: recorded.id,
});

/** The message, as what it causes refers to it. */
export const messageOf = ({ recorded, observed, observedAt }: Understood) => ({
  messageId: observed.messageId,
  messageStream: recorded.stream,
  sentAt: observed.sentAt ?? observedAt,
});
