import type { JsonObject } from '../../domain/json.ts';

/** What to ask of MBS. `path` is relative to `…/module-build-service/`. */
export type MbsRequest =
  | { readonly method: 'GET'; readonly path: string }
  | { readonly method: 'POST'; readonly path: string; readonly body: JsonObject };

export type ApiVersion = 1 | 2;

/** Rows asked for at once when listing; MBS answers up to 1000. */
const pageSize = 100;

const list = (query: Readonly<Record<string, string>>): MbsRequest => ({
  method: 'GET',
  path: `1/module-builds/?${new URLSearchParams(query).toString()}`,
});

/** API v1 answers one row of several and v2 all of them; any key but these is refused with 400. */
export const submission = (
  version: ApiVersion,
  order: { readonly scmurl: string; readonly branch: string },
): MbsRequest => ({
  method: 'POST',
  path: `${version}/module-builds/`,
  body: { scmurl: order.scmurl, branch: order.branch },
});

export const oneRow = (id: number): MbsRequest => ({
  method: 'GET',
  path: `1/module-builds/${id}`,
});

export const oneRowWithContents = (id: number): MbsRequest => ({
  method: 'GET',
  path: `1/module-builds/${id}?verbose=true`,
});

/** Oldest first, so that a row that appears meanwhile lands on a page not yet read. */
export const rowsOfStream = (name: string, stream: string, page: number): MbsRequest =>
  list({ name, stream, order_by: 'id', page: `${page}`, per_page: `${pageSize}` });

/** The stream is left out: a module's NVR does not tell its dashes from underscores. */
export const rowsOfVersion = (name: string, version: string, context: string): MbsRequest =>
  list({ name, version, context, verbose: 'true', order_by: 'id', per_page: `${pageSize}` });

export const readyRows = (page: number, perPage: number): MbsRequest =>
  list({
    state: 'ready',
    verbose: 'true',
    order_by: 'id',
    page: `${page}`,
    per_page: `${perPage}`,
  });

/** MBS wants whole seconds. */
export const readyRowsSince = (since: string, page: number): MbsRequest =>
  list({
    ...{ state: 'ready', modified_after: `${since.slice(0, 19)}Z`, order_by: 'id' },
    ...{ page: `${page}`, per_page: `${pageSize}` },
  });

/** The base with a final slash, without an API version somebody may have left at its end. */
export const baseOf = (baseUrl: string): string =>
  `${baseUrl.replace(/\/+$/, '').replace(/\/[12]$/, '')}/`;
