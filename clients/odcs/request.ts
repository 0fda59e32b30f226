import type { JsonObject } from '../../domain/json.ts';
import { buildSource } from './compose.ts';
import type { ComposeOrder } from './port.ts';

/** What to ask of ODCS. `path` is relative to `…/api/1/`. */
export type OdcsRequest =
  | { readonly method: 'GET' | 'DELETE'; readonly path: string }
  | { readonly method: 'POST' | 'PATCH'; readonly path: string; readonly body: JsonObject };

/** A repository of exactly these builds: nothing else is pulled in. */
export const creation = (order: ComposeOrder): OdcsRequest => {
  const { builds, packages, sigkeys, arches, secondsToLive } = order;
  return {
    method: 'POST',
    path: 'composes/',
    body: {
      source: {
        ...{ type: 'build', builds, sigkeys },
        ...(packages.length === 0 ? {} : { packages }),
      },
      ...{ flags: ['no_deps'], results: ['repository'] },
      ...(arches.length === 0 ? {} : { arches }),
      seconds_to_live: secondsToLive,
    },
  };
};

export const oneCompose = (id: number): OdcsRequest => ({ method: 'GET', path: `composes/${id}` });

export const renewal = (id: number, secondsToLive: number): OdcsRequest => ({
  method: 'PATCH',
  path: `composes/${id}`,
  body: { seconds_to_live: secondsToLive },
});

export const removal = (id: number): OdcsRequest => ({
  method: 'DELETE',
  path: `composes/${id}`,
});

const list = (query: Readonly<Record<string, string>>): OdcsRequest => ({
  method: 'GET',
  path: `composes/?${new URLSearchParams(query).toString()}`,
});

/** ODCS lists the newest first where it is not told otherwise. */
export const newestComposes: OdcsRequest = list({ page: '1', per_page: '10' });

/** Composes made of named builds, newest first. */
export const buildComposes = (owner: string | undefined, page: number): OdcsRequest =>
  list({
    source_type: String(buildSource),
    ...(owner === undefined ? {} : { owner }),
    page: String(page),
    per_page: '50',
  });

/** The base with a final slash, with the version of the API at its end. */
export const baseOf = (baseUrl: string): string => {
  const base = baseUrl.replace(/\/+$/, '');
  return /\/api\/\d+$/.test(base) ? `${base}/` : `${base}/api/1/`;
};
