import { namePattern, orderParameter } from '../filters.ts';
import { buildStateTable, eventStateTable } from '../names/tables.ts';
import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

const count = { type: 'integer', minimum: 0 } as const;

const stateCounts = Object.fromEntries(
  buildStateTable.items.map(({ name }): [string, object] => [name, count]).sort(),
);

const summarySchema = {
  type: 'object',
  description: 'Short form: builds by state, only states that occur.',
  properties: { ...stateCounts, total: count },
  required: ['total'],
  additionalProperties: false,
} as const;

const always = {
  depending_events: { ...is.ids, description: 'Events that build on this one.' },
  depends_on_events: { ...is.ids, description: 'Events this one builds on.' },
  dry_run: { type: ['boolean', 'null'], description: 'True: decided, but nothing was built.' },
  event_type_id: is.id,
  id: is.id,
  message_id: { ...is.text, description: 'The message of the bus that started it.' },
  requested_rebuilds: is.texts,
  requester: is.textOrNull,
  requester_metadata: { description: 'Whatever the requester added; {} by default.' },
  search_key: { ...is.text, description: 'What changed, in words that can be searched for.' },
  state: is.id,
  state_name: { ...is.text, enum: eventStateTable.items.map(({ name }) => name) },
  state_reason: is.textOrNull,
  time_created: is.timeOrNull,
  time_done: is.timeOrNull,
  url: is.text,
} as const;

export const eventSchema = {
  $id: 'Event',
  type: 'object',
  description:
    'A change worth looking at. It has `builds` in full form, `builds_summary` in short form.',
  properties: {
    builds: { type: 'array', items: is.named('Build'), description: 'Full form: its builds.' },
    builds_summary: summarySchema,
    ...always,
  },
  required: Object.keys(always),
  additionalProperties: false,
  examples: [
    {
      builds_summary: { DONE: 1, total: 1 },
      depending_events: [],
      depends_on_events: [],
      dry_run: false,
      event_type_id: 2,
      id: 7,
      message_id: '2026-3c7b0e7e-5f0c-4b5e-9f52-0d6c1a2b3c4d',
      requested_rebuilds: [],
      requester: null,
      requester_metadata: {},
      search_key: 'nodejs/f39?#0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c',
      state: 2,
      state_name: 'COMPLETE',
      state_reason: 'All builds have succeeded.',
      time_created: '2026-11-22T16:39:58Z',
      time_done: '2026-11-22T16:55:12Z',
      url: '/api/1/events/7',
    },
  ],
} as const;

export const eventListSchema = is.pageOf('EventList', 'A page of events.', 'Event');

/** The keys events may be sorted by, and the field of the row each stands for. */
export const eventOrder = { id: 'id', message_id: 'messageId' } as const;

export type FormQuery = { readonly show_full_json?: string };

export type EventsQuery = FormQuery & {
  readonly message_id?: ReadonlyArray<string>;
  readonly search_key?: ReadonlyArray<string>;
  readonly event_type_id?: ReadonlyArray<string>;
  readonly requester?: ReadonlyArray<string>;
  readonly state?: ReadonlyArray<string>;
  readonly order_by?: string;
  readonly page?: string;
  readonly per_page?: string;
};

const showFullJson = {
  type: 'string',
  description:
    'Exactly True: with all builds. Exactly False: with their numbers only. Anything else is the default of the version: True in 1, False in 2.',
  examples: ['True'],
} as const;

export const formQuerySchema = {
  type: 'object',
  properties: { show_full_json: showFullJson },
} as const;

const numberOrText = { anyOf: [{ type: 'string' }, { type: 'integer' }] } as const;

const stateName = {
  type: 'string',
  pattern: `^(?:\\d+|${namePattern(eventStateTable)})$`,
  'x-refusal': 'Invalid state was supplied: {value}',
} as const;

export const eventsQuerySchema = {
  type: 'object',
  properties: {
    message_id: is.repeated(is.text, 'The exact message id.', '2026-3c7b0e7e'),
    search_key: is.repeated(is.text, 'The exact search key.', 'nodejs/f39?#0f1e2d3c'),
    event_type_id: is.repeated(numberOrText, 'A number of event-types.', '2'),
    requester: is.repeated(is.text, 'Who asked for it.', 'alice'),
    state: is.repeated(
      stateName,
      `State: ${eventStateTable.items.map(({ name }) => name).join(', ')}, in any case, or its number from 0.`,
      'complete',
    ),
    show_full_json: showFullJson,
    order_by: orderParameter(Object.keys(eventOrder)),
    ...pagingParameters,
  },
} as const;
