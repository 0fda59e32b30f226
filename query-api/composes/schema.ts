import { composeStates } from '../../projectors/composes/row.ts';
import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

const attempt = is.object({
  attempt: is.id,
  compose_id: is.idOrNull,
  outcome: is.textOrNull,
  reason: is.textOrNull,
  renews: { ...is.idOrNull, description: 'The compose that was to live longer.' },
});

const inOdcs = is.object({
  expires_at: is.timeOrNull,
  id: is.id,
  repofile: is.textOrNull,
  state: is.idOrNull,
  state_name: is.textOrNull,
  state_reason: is.textOrNull,
});

const use = is.object({
  artifact: is.textOrNull,
  attempt: is.id,
  build: is.id,
  compose_id: is.id,
  nvr: { ...is.textOrNull, description: 'The image it was to make, or made.' },
  outcome: is.textOrNull,
  url: is.text,
});

const repofile = 'https://odcs.example.org/composes/odcs-4242/compose/Temporary/odcs-4242.repo';

export const composeSchema = is.shape(
  'Compose',
  'The disposable repository of one event: made of signed builds, used by builds of images.',
  {
    arches: is.texts,
    attempts: { type: 'array', items: attempt, description: 'Every request to ODCS.' },
    builds: { ...is.texts, description: 'NVRs of the signed builds that it is made of.' },
    compose_id: { ...is.idOrNull, description: 'Id in ODCS of the one in use.' },
    composes: { type: 'array', items: inOdcs, description: 'All that there were, in ODCS.' },
    event_id: is.id,
    expires_at: is.timeOrNull,
    packages: is.texts,
    repofile: is.textOrNull,
    sigkeys: is.texts,
    state: { ...is.text, enum: composeStates },
    state_reason: is.textOrNull,
    trigger: is.text,
    used_by: { type: 'array', items: use, description: 'Tries at builds that it went into.' },
    wanted_at: is.time,
  },
  {
    arches: ['x86_64'],
    attempts: [{ attempt: 1, compose_id: 4242, outcome: 'ready', reason: null, renews: null }],
    builds: ['openssl-1.1.1-1.fc28'],
    compose_id: 4242,
    composes: [
      {
        expires_at: '2026-11-23T16:40:00Z',
        id: 4242,
        repofile,
        state: 2,
        state_name: 'done',
        state_reason: null,
      },
    ],
    event_id: 7,
    expires_at: '2026-11-23T16:40:00Z',
    packages: ['openssl-libs'],
    repofile,
    sigkeys: ['9db62fb1'],
    state: 'ready',
    state_reason: null,
    trigger: 'signed:openssl-1.1.1-1.fc28',
    used_by: [
      {
        artifact: 'image:httpd:f28',
        attempt: 1,
        build: 12,
        compose_id: 4242,
        nvr: 'httpd-1-7.1542905712',
        outcome: 'succeeded',
        url: '/api/1/builds/12',
      },
    ],
    wanted_at: '2026-11-22T16:40:00Z',
  },
);

export const composeListSchema = is.pageOf('ComposeList', 'A page of composes.', 'Compose');

export type ComposesQuery = {
  readonly event_id?: ReadonlyArray<string>;
  readonly state?: ReadonlyArray<string>;
  readonly nvr?: ReadonlyArray<string>;
  readonly build?: ReadonlyArray<string>;
  readonly page?: string;
  readonly per_page?: string;
};

const numberOrText = { anyOf: [{ type: 'string' }, { type: 'integer' }] } as const;

const state = {
  type: 'string',
  enum: composeStates,
  'x-refusal': `Invalid state was supplied: {value}. Allowed are: ${composeStates.join(', ')}.`,
} as const;

export const composesQuerySchema = {
  type: 'object',
  properties: {
    event_id: is.repeated(numberOrText, 'The event it serves.', '7'),
    state: is.repeated(state, `State: ${composeStates.join(', ')}.`, 'ready'),
    nvr: is.repeated(is.text, 'A signed build that it is made of.', 'openssl-1.1.1-1.fc28'),
    build: is.repeated(numberOrText, 'The id of a build that it went into.', '12'),
    ...pagingParameters,
  },
} as const;
