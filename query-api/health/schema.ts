import * as is from '../shapes.ts';

const projection = {
  type: 'object',
  properties: {
    model: is.text,
    position: { ...is.textOrNull, description: 'The last position of the log taken in.' },
    lag: {
      ...is.idOrNull,
      description:
        'Events of the log that concern it and are not taken in yet; 1000 means so many or more, null that nobody could count them in time. The number of freshmaker_consumer_lag_events.',
    },
  },
  required: ['model', 'position', 'lag'],
} as const;

const source = {
  type: 'object',
  properties: {
    last_message_at: {
      ...is.timeOrNull,
      description:
        'When its newest message was recorded that no other source had brought before, UTC; null when none ever was.',
    },
    last_message_id: is.textOrNull,
    last_topic: is.textOrNull,
    messages: is.id,
    silent: {
      ...is.flag,
      description:
        'A live source of this installation from which nothing came for too long. Backends judge it; a frontend that runs apart always says false.',
    },
    silent_since: {
      ...is.timeOrNull,
      description: 'Its last message, or when this process began to listen if that was later.',
    },
    transport: is.text,
  },
  required: [
    ...['last_message_at', 'last_message_id', 'last_topic', 'messages'],
    ...['silent', 'silent_since', 'transport'],
  ],
} as const;

const condition = {
  projections: { type: 'array', items: projection },
  reasons: { ...is.texts, description: 'Why it is not ready; none when it is.' },
  sources: {
    type: 'array',
    items: source,
    description: 'The newest message of each source, and whether it is silent.',
  },
  warnings: {
    ...is.texts,
    description: 'What an operator should look at though questions can be answered.',
  },
} as const;

const conditionExample = {
  projections: [{ model: 'events', position: '00000000000000001234', lag: 0 }],
  reasons: [],
  sources: [
    {
      last_message_at: '2026-11-22T16:39:57.123Z',
      last_message_id: '2026-3c7b0e7e-5f0c-4b5e-9f52-0d6c1a2b3c4d',
      last_topic: 'git.receive',
      messages: 4211,
      silent: false,
      silent_since: null,
      transport: 'feed',
    },
  ],
  warnings: [],
};

export const aliveSchema = is.shape(
  'Alive',
  'The process lives.',
  { alive: is.flag, ...condition, version: is.text },
  { alive: true, ...conditionExample, version: '0.1.0' },
);

export const readySchema = is.shape(
  'Ready',
  'Questions can be answered.',
  { ready: is.flag, ...condition },
  { ready: true, ...conditionExample },
);

export const notReadySchema = is.shape(
  'NotReady',
  'Questions cannot be answered now; the reasons tell why.',
  { error: is.text, message: is.text, ready: is.flag, ...condition, status: is.id },
  {
    error: 'Service Unavailable',
    message: 'The log cannot be reached.',
    ...conditionExample,
    reasons: ['The log cannot be reached.'],
    ready: false,
    status: 503,
  },
);
