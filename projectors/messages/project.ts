import type { MessageEvent } from '../../domain/message/events.ts';
import { messageStream, realmOf } from '../../domain/stream-names.ts';
import type { EventOf, Projector, Recorded } from '../projector.ts';
import type { Tellers } from '../tellers.ts';
import { tellRow, typesOf } from '../tellers.ts';
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

const tellers = {
  MessageSetAside: (row, { code, explanation }) => setAside(row, code, explanation),
  MessageUnderstood: (row, { reading }) => {
    const { id: trigger, kind, searchKey } = reading;
    return { ...row, verdict: 'understood', trigger, kind, searchKey };
  },
  PushCovered: (row, { by }) => {
    const explanation = `The authoritative publisher has told of the same push: message ${by}.`;
    return { ...setAside(row, 'covered', explanation), trigger: null };
  },
} satisfies Tellers<MessageRow>;

const types = ['MessageObserved', ...typesOf(tellers)] as const;
type Told = Recorded<EventOf<(typeof types)[number]>>;

const project = (row: MessageRow | undefined, recorded: Told): MessageRow | undefined => {
  const { event } = recorded;
  if (row !== undefined) return tellRow(tellers, row, recorded);
  return event.type === 'MessageObserved' ? observed(event, recorded) : undefined;
};

/** A message's stream is named by its id without the year that some bridges put in front. */
const streamOf = (stream: string, messageId: string): string =>
  messageStream(realmOf(stream), messageId.replace(/^\d{4}-/u, ''));

const touches = ({ stream, event }: Told): ReadonlyArray<string> =>
  event.type === 'PushCovered' ? [streamOf(stream, event.messageId)] : [stream];

/** What became of each message: understood, or set aside with a code. */
export const messagesProjector: Projector<MessageRow, Told['event']> = {
  model: messagesModel,
  categories: ['message', 'dry_message', 'branch', 'dry_branch'],
  types,
  touches,
  project,
};
