import type { MessageEvent } from '../../domain/message/events.ts';
import { messageStream, realmOf } from '../../domain/stream-names.ts';
import type { Projector, Recorded } from '../projector.ts';
import type { Tellers } from '../tellers.ts';
import { tellRow } from '../tellers.ts';
import type { MessageRow } from './row.ts';
import { messagesModel } from './row.ts';

type Observed = Extract<MessageEvent, { readonly type: 'MessageObserved' }>;

const observed = (event: Observed, { stream, metadata }: Recorded): MessageRow => ({
  messageId: event.messageId,
  topic: event.topic,
  prefix: event.prefix,
  transport: event.transport,
  sentAt: event.sentAt,
  observedAt: metadata.recordedAt,
  verdict: 'understood',
  code: null,
  explanation: null,
  trigger: null,
  kind: null,
  searchKey: null,
  rehearsal: realmOf(stream) === 'rehearsal',
});

const setAside = (row: MessageRow, code: string, explanation: string): MessageRow => ({
  ...row,
  verdict: 'set-aside',
  code,
  explanation,
});

const tellers: Tellers<MessageRow> = {
  MessageSetAside: (row, { code, explanation }) => setAside(row, code, explanation),
  MessageUnderstood: (row, { reading }) => {
    const { id: trigger, kind, searchKey } = reading;
    return { ...row, verdict: 'understood', trigger, kind, searchKey };
  },
  PushCovered: (row, { by }) => {
    const explanation = `The authoritative publisher has told of the same push: message ${by}.`;
    return { ...setAside(row, 'covered', explanation), trigger: null };
  },
};

const project = (row: MessageRow | undefined, recorded: Recorded): MessageRow | undefined => {
  const { event } = recorded;
  if (row !== undefined) return tellRow(tellers, row, recorded);
  return event.type === 'MessageObserved' ? observed(event, recorded) : undefined;
};

/**
 * The stream of a message that an event of `stream` names: by its id without the year that some
 * bridges put in front.
 */
export const messageStreamOf = (stream: string, messageId: string): string =>
  messageStream(realmOf(stream), messageId.replace(/^\d{4}-/u, ''));

const touches = ({ stream, event }: Recorded): ReadonlyArray<string> => {
  if (event.type === 'PushCovered') return [messageStreamOf(stream, event.messageId)];
  return event.type === 'MessageObserved' || event.type in tellers ? [stream] : [];
};

/** What became of each message: understood, or set aside with a code. */
export const messagesProjector: Projector<MessageRow> = {
  model: messagesModel,
  categories: ['message', 'dry_message', 'branch', 'dry_branch'],
  touches,
  project,
};
