import { namePattern, orderParameter } from '../filters.ts';
import { buildStateTable, buildTypeTable } from '../names/tables.ts';
import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

const buildExample = {
  build_args: { commit: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c', stream: '20' },
  build_id: 4711,
  dep_on: null,
  dep_on_id: null,
  event_id: 7,
  id: 12,
  name: 'nodejs',
  odcs_composes: [],
  original_nvr: null,
  rebuild_reason: 'directly_affected',
  rebuilt_nvr: null,
  state: 1,
  state_name: 'DONE',
  state_reason: 'Built successfully.',
  time_completed: '2026-11-22T16:55:12Z',
  time_submitted: '2026-11-22T16:40:00Z',
  type: 2,
  type_name: 'MODULE',
  url: '/api/1/builds/12',
};

export const buildSchema = is.shape(
  'Build',
  'One rebuild of one artifact.',
  {
    build_args: { ...is.anyObject, description: 'What the build was asked with.' },
    build_id: {
      ...is.idOrNull,
      description: 'The number in the build system (MBS build, Koji task); negative in a dry run.',
    },
    dep_on: { ...is.textOrNull, description: 'Name of the build this one waits for.' },
    dep_on_id: is.idOrNull,
    event_id: { ...is.id, description: 'The first event that caused it.' },
    id: is.id,
    name: is.text,
    odcs_composes: is.ids,
    original_nvr: is.textOrNull,
    rebuild_reason: { ...is.text, enum: ['unknown', 'directly_affected', 'dependency'] },
    rebuilt_nvr: is.textOrNull,
    state: is.id,
    state_name: is.text,
    state_reason: is.textOrNull,
    time_completed: is.timeOrNull,
    time_submitted: is.time,
    type: is.id,
    type_name: is.text,
    url: is.text,
  },
  buildExample,
);

export const buildListSchema = is.pageOf('BuildList', 'A page of builds.', 'Build');

const attemptSchema = is.object({
  attempt: { type: 'integer', minimum: 1 },
  commit: is.textOrNull,
  external_ids: is.ids,
  nvr: { ...is.textOrNull, description: 'Of an image: the NVR it was to have, or has.' },
  odcs_composes: is.ids,
  outcome: is.textOrNull,
  parent: { ...is.textOrNull, description: 'Of an image: the NVR of what it is built on.' },
  reason: is.textOrNull,
  release: { ...is.textOrNull, description: 'Of an image: unique to the attempt.' },
  target: is.textOrNull,
});

export const attemptsSchema = is.shape(
  'Attempts',
  'Every try at one build, and every event it answers.',
  {
    artifact: is.textOrNull,
    branch: is.textOrNull,
    dry_run: is.flag,
    event_ids: is.ids,
    id: is.id,
    items: { type: 'array', items: attemptSchema },
  },
  {
    artifact: 'module:nodejs:20',
    branch: '20',
    dry_run: false,
    event_ids: [7],
    id: 12,
    items: [
      {
        attempt: 1,
        commit: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c',
        external_ids: [4711],
        nvr: null,
        odcs_composes: [],
        outcome: 'succeeded',
        parent: null,
        reason: null,
        release: null,
        target: null,
      },
    ],
  },
);

/** The keys builds may be sorted by, and the field of the row each stands for. */
export const buildOrder = {
  id: 'id',
  name: 'name',
  event_id: 'eventId',
  dep_on_id: 'depOnId',
  build_id: 'buildId',
  original_nvr: 'originalNvr',
  rebuilt_nvr: 'rebuiltNvr',
} as const;

export type BuildsQuery = {
  readonly type?: string;
  readonly state?: string;
  readonly name?: string;
  readonly artifact?: string;
  readonly original_nvr?: string;
  readonly rebuilt_nvr?: string;
  readonly event_id?: string;
  readonly dep_on_id?: string;
  readonly build_id?: string;
  readonly event_type_id?: string;
  readonly event_search_key?: string;
  readonly order_by?: string;
  readonly page?: string;
  readonly per_page?: string;
};

export const buildsQuerySchema = {
  type: 'object',
  properties: {
    type: {
      type: 'string',
      pattern: `^(?:|0*[0-3]|${namePattern(buildTypeTable)})$`,
      description: 'Kind of artifact: a number or name of build-types, in any case.',
      examples: ['module'],
      'x-refusal': 'An invalid artifact type was supplied',
    },
    state: {
      type: 'string',
      pattern: `^(?:|0*[0-4]|${namePattern(buildStateTable)})$`,
      description: 'State: a number or name of build-states, in any case.',
      examples: ['done'],
      'x-refusal': 'An invalid state was supplied',
    },
    name: is.textParameter('The exact name.', 'nodejs'),
    artifact: is.textParameter('The exact artifact.', 'module:nodejs:20'),
    original_nvr: is.textParameter('The exact NVR before the rebuild.', 'httpd-container-1-1'),
    rebuilt_nvr: is.textParameter('The exact NVR after the rebuild.', 'httpd-container-1-2'),
    event_id: is.numberParameter('An event the build answers.', '7'),
    dep_on_id: is.numberParameter('The build it waits for.', '11'),
    build_id: is.numberParameter('The number in the build system.', '4711'),
    event_type_id: is.numberParameter('The type of its event.', '2'),
    event_search_key: is.textParameter('The search key of its event.', 'nodejs/f39?#0f1e2d3c'),
    order_by: orderParameter(Object.keys(buildOrder)),
    ...pagingParameters,
  },
} as const;
