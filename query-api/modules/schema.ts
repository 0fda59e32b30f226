import { pagingParameters } from '../paging.ts';
import * as is from '../shapes.ts';

export const moduleSchema = is.shape(
  'Module',
  'What the newest build of a module stream holds and was built with, as far as is on record.',
  {
    artifact: is.text,
    build_requires: { ...is.texts, description: 'name:stream of what it was built with.' },
    commit: is.textOrNull,
    holds: { ...is.texts, description: 'package@branch of each package it is made of.' },
    name: is.text,
    stream: is.text,
    version: is.text,
  },
  {
    artifact: 'module:nodejs:20',
    build_requires: ['platform:f39'],
    commit: '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c',
    holds: ['nodejs@f39', 'npm@f39'],
    name: 'nodejs',
    stream: '20',
    version: '20240301100000',
  },
);

export const moduleListSchema = is.pageOf('ModuleList', 'A page of module streams.', 'Module');

export type ModulesQuery = {
  readonly name?: ReadonlyArray<string>;
  readonly stream?: ReadonlyArray<string>;
  readonly holds?: ReadonlyArray<string>;
  readonly build_requires?: ReadonlyArray<string>;
  readonly page?: string;
  readonly per_page?: string;
};

export const modulesQuerySchema = {
  type: 'object',
  properties: {
    name: is.repeated(is.text, 'The exact name.', 'nodejs'),
    stream: is.repeated(is.text, 'The exact stream.', '20'),
    holds: is.repeated(is.text, 'A package and the branch it is taken from.', 'npm@f39'),
    build_requires: is.repeated(is.text, 'A module it was built with.', 'platform:f39'),
    ...pagingParameters,
  },
} as const;
