import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

const verdicts = ['understood', 'set-aside'] as const;

export const messageSchema = is.shape(
  'Message',
  'One message of the bus, and what became of it.',
  {
    code: { ...is.textOrNull, description: 'Why it was set aside; null when understood.' },
    explanation: is.textOrNull,
    kind: { ...is.textOrNull, description: 'The type of the event it became.' },
    message_id: is.text,
    observed_at: is.time,
    prefix: { ...is.text, description: 'What stood before the topic on the bus.' },
    recorded_in: { ...is.text, description: 'The stream of the log that holds the message.' },
    rehearsal: { ...is.flag, description: 'True when it was replayed without acting.' },
    search_key: is.textOrNull,
    sent_at: is.timeOrNull,
    topic: is.text,
    transport: { ...is.text, description: 'The way it came in.' },
    trigger: { ...is.textOrNull, description: 'The trigger it was told to.' },
    verdict: { ...is.text, enum: verdicts },
  },
  {
    code: 'no-flow-yet',
    explanation: 'Bodhi updates are read, but no flow acts on them yet.',
    kind: null,
    message_id: '2026-3c7b0e7e-5f0c-4b5e-9f52-0d6c1a2b3c4d',
    observed_at: '2026-11-22T16:39:57.123Z',
    prefix: 'org.fedoraproject.prod',
    recorded_in: 'message-3c7b0e7e-5f0c-4b5e-9f52-0d6c1a2b3c4d',
    rehearsal: false,
    search_key: null,
    sent_at: '2026-11-22T16:39:56Z',
    topic: 'bodhi.update.complete.stable',
    transport: 'feed',
    trigger: null,
    verdict: 'set-aside',
  },
);

export const messageListSchema = is.pageOf('MessageList', 'A page of messages.', 'Message');

export type MessagesQuery = {
  readonly topic?: ReadonlyArray<string>;
  readonly verdict?: ReadonlyArray<string>;
  readonly code?: ReadonlyArray<string>;
  readonly message_id?: ReadonlyArray<string>;
  readonly transport?: ReadonlyArray<string>;
  readonly page?: string;
  readonly per_page?: string;
};

const verdict = {
  type: 'string',
  enum: verdicts,
  'x-refusal': `Invalid verdict was supplied: {value}. Allowed are: ${verdicts.join(', ')}.`,
} as const;

export const messagesQuerySchema = {
  type: 'object',
  properties: {
    topic: is.repeated(is.text, 'The exact topic, without its prefix.', 'git.receive'),
    verdict: is.repeated(verdict, `Verdict: ${verdicts.join(', ')}.`, 'set-aside'),
    code: is.repeated(is.text, 'The exact code of those set aside.', 'no-flow-yet'),
    message_id: is.repeated(is.text, 'The exact message id.', '2026-3c7b0e7e'),
    transport: is.repeated(is.text, 'The way it came in.', 'feed'),
    ...pagingParameters,
  },
} as const;
