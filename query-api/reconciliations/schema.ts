import { reconciliationStates } from '../../projectors/reconciliations/row.ts';
import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

const whys = ['schedule', 'order'] as const;
const systems = ['mbs', 'koji', 'odcs'] as const;

const asked = is.object({
  count: { ...is.id, description: 'Builds, rows, tasks, composes or messages that were compared.' },
  question: is.text,
});
const unreachable = is.object({ code: is.text, question: is.text, reason: is.text });

export const reconciliationSchema = is.shape(
  'Reconciliation',
  'One comparison of what is on record with what the services say.',
  {
    asked: { type: 'array', items: asked, description: 'What was compared.' },
    began_at: is.time,
    differences: { ...is.id, description: 'How many were found and written down.' },
    differences_url: is.text,
    ended_at: is.timeOrNull,
    id: is.id,
    left: { ...is.id, description: 'Differences that were left to the next run.' },
    missed_messages: is.id,
    new_images: is.id,
    new_modules: is.id,
    owner: { ...is.text, description: 'The process that does it.' },
    state: { ...is.text, enum: reconciliationStates },
    state_reason: { ...is.textOrNull, description: 'Why it was abandoned.' },
    taken_over: { ...is.id, description: 'How often another process had to take it over.' },
    unreachable: {
      type: 'array',
      items: unreachable,
      description: 'What could not, or not wholly, be compared, and why.',
    },
    why: { ...is.text, enum: whys, description: 'It was time, or somebody ordered it.' },
  },
  {
    asked: [
      { count: 3, question: 'running-modules' },
      { count: 12, question: 'ready-modules' },
    ],
    began_at: '2026-11-22T16:40:00Z',
    differences: 1,
    differences_url: '/api/2/reconciliations/7/differences/',
    ended_at: '2026-11-22T16:41:35Z',
    id: 7,
    left: 0,
    missed_messages: 0,
    new_images: 0,
    new_modules: 0,
    owner: 'backend-1:4711:1f2e3d4c',
    state: 'completed',
    state_reason: null,
    taken_over: 0,
    unreachable: [],
    why: 'schedule',
  },
);

export const reconciliationListSchema = is.pageOf(
  'ReconciliationList',
  'A page of reconciliations.',
  'Reconciliation',
);

export const differenceSchema = is.shape(
  'Difference',
  'Something that was otherwise in a service than on record.',
  {
    action: {
      ...is.text,
      description:
        'What is done: look (its saga asks and records), noticed (told as its message), none.',
    },
    attempt: is.idOrNull,
    build: is.idOrNull,
    code: is.text,
    external_id: { ...is.idOrNull, description: 'What the service calls it.' },
    found: { ...is.textOrNull, description: 'What the service said.' },
    found_at: is.time,
    recorded: { ...is.textOrNull, description: 'What was on record; null for nothing.' },
    recorded_in: { ...is.text, description: 'The stream of the log that holds the difference.' },
    revision: { ...is.id, description: 'Where in that stream.' },
    stream: {
      ...is.textOrNull,
      description: 'The stream of the log that tells of it, and of what followed; null for none.',
    },
    subject: is.text,
    system: { ...is.text, enum: systems },
  },
  {
    action: 'look',
    attempt: 1,
    build: 12,
    code: 'state-differs',
    external_id: 4242,
    found: 'ready',
    found_at: '2026-11-22T16:41:30Z',
    recorded: 'build',
    recorded_in: 'reconcile',
    revision: 41,
    stream: 'artifact-module:nodejs:20',
    subject: 'nodejs:20',
    system: 'mbs',
  },
);

export const differenceListSchema = is.pageOf(
  'DifferenceList',
  'A page of differences.',
  'Difference',
);

export type ReconciliationsQuery = {
  readonly state?: ReadonlyArray<string>;
  readonly why?: ReadonlyArray<string>;
  readonly page?: string;
  readonly per_page?: string;
};

export type DifferencesQuery = {
  readonly system?: ReadonlyArray<string>;
  readonly code?: ReadonlyArray<string>;
  readonly action?: ReadonlyArray<string>;
  readonly build?: ReadonlyArray<string>;
  readonly page?: string;
  readonly per_page?: string;
};

const oneOf = (name: string, allowed: ReadonlyArray<string>) => ({
  type: 'string',
  enum: allowed,
  'x-refusal': `Invalid ${name} was supplied: {value}. Allowed are: ${allowed.join(', ')}.`,
});

const words = (name: string, allowed: ReadonlyArray<string>, example: string) =>
  is.repeated(oneOf(name, allowed), `One of ${allowed.join(', ')}.`, example);

export const reconciliationsQuerySchema = {
  type: 'object',
  properties: {
    state: words('state', reconciliationStates, 'completed'),
    why: words('why', whys, 'schedule'),
    ...pagingParameters,
  },
} as const;

const numberOrText = { anyOf: [{ type: 'string' }, { type: 'integer' }] } as const;

export const differencesQuerySchema = {
  type: 'object',
  properties: {
    system: words('system', systems, 'mbs'),
    code: is.repeated(is.text, 'In what way they differ, letter by letter.', 'state-differs'),
    action: words('action', ['look', 'noticed', 'none'], 'look'),
    build: is.repeated(numberOrText, 'The id of a build of ours.', '12'),
    ...pagingParameters,
  },
} as const;
