import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

const verdicts = ['yes', 'no', 'later'] as const;

export const decisionSchema = is.shape(
  'Decision',
  'The verdict on one artifact considered because of an event, with what it rests on.',
  {
    artifact: is.text,
    branch: is.text,
    code: { ...is.text, description: 'Why, as a word that programs can rely on.' },
    decided_at: is.time,
    depth: { ...is.id, description: 'Steps from the change: 0 holds what changed itself.' },
    event_id: is.id,
    evidence: { ...is.anyObject, description: 'What was known when it was decided.' },
    kind: is.text,
    name: is.text,
    policy_version: is.text,
    reason: is.text,
    recorded_in: { ...is.text, description: 'The stream of the log that holds the decision.' },
    revision: { ...is.id, description: 'Where in that stream.' },
    rule: { ...is.textOrNull, description: 'The rule of the policy that spoke.' },
    verdict: { ...is.text, enum: verdicts },
    waits_for: { ...is.texts, description: 'Artifacts that have to be rebuilt before.' },
  },
  {
    artifact: 'module:nodejs:20',
    branch: '20',
    code: 'holds-changed-package',
    decided_at: '2026-11-22T16:39:59Z',
    depth: 0,
    event_id: 7,
    evidence: { package: 'nodejs', ref: 'f39' },
    kind: 'module',
    name: 'nodejs',
    policy_version: '5f1d7a84db00',
    reason: 'directly_affected',
    recorded_in: 'trigger-4c1b',
    revision: 2,
    rule: 'all-modules',
    verdict: 'yes',
    waits_for: [],
  },
);

export const decisionListSchema = is.pageOf('DecisionList', 'A page of decisions.', 'Decision');

export type DecisionsQuery = {
  readonly event_id?: ReadonlyArray<string>;
  readonly artifact?: ReadonlyArray<string>;
  readonly name?: ReadonlyArray<string>;
  readonly verdict?: ReadonlyArray<string>;
  readonly code?: ReadonlyArray<string>;
  readonly page?: string;
  readonly per_page?: string;
};

const verdict = {
  type: 'string',
  enum: verdicts,
  'x-refusal': `Invalid verdict was supplied: {value}. Allowed are: ${verdicts.join(', ')}.`,
} as const;

const filters = {
  artifact: is.repeated(is.text, 'The exact artifact.', 'module:nodejs:20'),
  name: is.repeated(is.text, 'The exact name of the artifact.', 'nodejs'),
  verdict: is.repeated(verdict, `Verdict: ${verdicts.join(', ')}.`, 'no'),
  code: is.repeated(is.text, 'The exact code.', 'not-allowed'),
} as const;

export const eventDecisionsQuerySchema = {
  type: 'object',
  properties: { ...filters, ...pagingParameters },
} as const;

export const decisionsQuerySchema = {
  type: 'object',
  properties: {
    event_id: is.repeated(
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      'The event it was considered for.',
      '7',
    ),
    ...filters,
    ...pagingParameters,
  },
} as const;
