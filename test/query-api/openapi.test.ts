import test from 'ava';
import type { FastifyInstance } from 'fastify';
import {
  aBuild,
  aDecision,
  aMessage,
  aModule,
  anEvent,
  eventsAndBuilds,
} from '../support/api-rows.ts';
import { imageStock } from '../support/image-rows.ts';
import { aDifference, aRun } from '../support/reconcile-rows.ts';
import { stockedApi } from '../support/stocked-api.ts';

type Shape = Readonly<Record<string, unknown>>;
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: ReadonlyArray<string>;
  readonly parameters?: ReadonlyArray<Shape & { readonly name: string; readonly in: string }>;
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Shape }>
  >;
};
type Document = {
  readonly openapi: string;
  readonly info: Shape;
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Shape>> };
};

const documentOf = async (app: FastifyInstance): Promise<Document> =>
  (await app.inject('/openapi.json')).json<Document>();

const tables = ['event-types', 'build-types', 'build-states'];
const both = ['events', 'builds', ...tables].flatMap((name) => [`/${name}/`, `/${name}/{id}`]);
const expectedPaths = [
  ...['/healthz', '/readyz'],
  ...['/api/1', '/api/2'].flatMap((api) => [...both, '/about/'].map((path) => `${api}${path}`)),
  ...['/builds/{id}/attempts/', '/decisions/', '/events/{id}/decisions/'].map(
    (path) => `/api/2${path}`,
  ),
  ...['/messages/', '/modules/', '/images/', '/images/{nvr}', '/composes/', '/composes/{id}'].map(
    (path) => `/api/2${path}`,
  ),
  ...['', '{id}', '{id}/differences/'].map((path) => `/api/2/reconciliations/${path}`),
];

test('the OpenAPI document is of version 3.1 and has every path of the API', async (t) => {
  const document = await documentOf(await stockedApi(t));
  t.is(document.openapi, '3.1.0');
  t.like(document.info, { title: 'Freshmaker', version: '1.0.0' });
  t.deepEqual(Object.keys(document.paths).sort(), [...expectedPaths].sort());
});

test('every operation has a name of its own, words for people, and its refusals', async (t) => {
  const { paths } = await documentOf(await stockedApi(t));
  const operations = Object.entries(paths).map(([path, { get }]) => ({ path, ...get }));
  t.is(new Set(operations.map(({ operationId }) => operationId)).size, operations.length);
  for (const { path, summary, tags, responses, parameters = [] } of operations) {
    t.true(summary.length > 10 && tags.length === 1, path);
    t.truthy(responses['200'], path);
    t.truthy(responses['431'], path);
    t.true(
      Object.keys(responses).some((status) => status >= '400'),
      path,
    );
    if (path.includes('{')) t.truthy(responses['404'], path);
    for (const { description } of Object.values(responses)) {
      t.not(description, 'Default Response', path);
    }
    for (const { name, description, example, examples } of parameters) {
      t.is(typeof description, 'string', `${path} ${name}`);
      t.true((example ?? examples) !== undefined, `${path} ${name} has an example`);
    }
  }
});

test('every shape the document points to is there, described and with an example', async (t) => {
  const document = await documentOf(await stockedApi(t));
  const pointers = JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  const named = new Set([...pointers].map(([, name]) => String(name)));
  t.deepEqual([...named].sort(), Object.keys(document.components.schemas).sort());
  for (const [name, shape] of Object.entries(document.components.schemas)) {
    t.is(typeof shape['description'], 'string', name);
  }
});

const resolve = (document: Document, shape: Shape): Shape => {
  const pointer = shape['$ref'];
  return typeof pointer === 'string'
    ? (document.components.schemas[pointer.split('/').at(-1) ?? ''] ?? {})
    : shape;
};

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const children = (value: object, shape: Shape): ReadonlyArray<readonly [unknown, unknown]> => {
  if (Array.isArray(value)) return value.map((one: unknown) => [one, shape['items']] as const);
  const properties = (shape['properties'] ?? {}) as Shape;
  return Object.entries(value).map(([key, one]) => [one, properties[key] ?? {}] as const);
};

const missing = (value: object, shape: Shape): ReadonlyArray<string> => {
  const required = (shape['required'] ?? []) as ReadonlyArray<string>;
  const known = Object.keys(shape['properties'] ?? {});
  const odd = shape['additionalProperties'] === false ? Object.keys(value) : [];
  return [
    ...required.filter((key) => !(key in value)).map((key) => `${key} is missing`),
    ...odd.filter((key) => !known.includes(key)).map((key) => `${key} is not published`),
  ];
};

const faults = (document: Document, value: unknown, given: Shape): ReadonlyArray<string> => {
  const shape = resolve(document, given);
  const types = [shape['type'] ?? typeOf(value)].flat().map(String);
  if (!types.includes(typeOf(value))) return [`${JSON.stringify(value)} is no ${types.join('/')}`];
  if (typeof value !== 'object' || value === null) return [];
  return [
    ...(Array.isArray(value) ? [] : missing(value, shape)),
    ...children(value, shape).flatMap(([one, part]) =>
      faults(document, one, (part ?? {}) as Shape),
    ),
  ];
};

const tried = { attempt: 1, commit: null, externalIds: [4], outcome: null, reason: 'x' };
const stock = {
  ...eventsAndBuilds(
    [anEvent({ id: 2, requesterMetadata: { a: [1] }, timeDone: '2026-11-22T17:00:00Z' })],
    [aBuild({ id: 2, eventId: 2, buildArgs: { commit: '0f1e' }, attempts: [tried] })],
  ),
  decisions: { '2/a': aDecision({ eventId: 2, name: 'a' }) },
  messages: { 'message-1': aMessage({ messageId: 'one' }) },
  modules: { 'a:20': aModule({ name: 'a' }) },
  ...imageStock,
  reconciliations: { '2': aRun(2), '2/1': aDifference(2, 1) },
};
const hasPlace = (path: string): boolean => path.includes('{');
const filled = (path: string, id: string, nvr: string): string =>
  path.replace('{id}', id).replace('{nvr}', nvr);

for (const path of expectedPaths) {
  test(`${path} answers in the shape it publishes`, async (t) => {
    const app = await stockedApi(t, stock);
    const document = await documentOf(app);
    const url = filled(path, '2', 'httpd-1-3');
    for (const [status, asked] of [
      ['200', url],
      ['404', filled(path, '77', 'nothing-1-1')],
    ] as const) {
      if (status === '404' && !hasPlace(path)) continue;
      const answer = await app.inject(asked);
      t.is(String(answer.statusCode), status);
      const content = document.paths[path]?.get.responses[status]?.content['application/json'];
      const { schema } = content as { readonly schema: Shape };
      t.deepEqual(faults(document, answer.json(), schema), []);
    }
  });
}

test('examples of shapes are of the shape', async (t) => {
  const document = await documentOf(await stockedApi(t));
  for (const [name, shape] of Object.entries(document.components.schemas)) {
    const examples = (shape['examples'] ?? []) as ReadonlyArray<unknown>;
    for (const example of examples) t.deepEqual(faults(document, example, shape), [], name);
  }
});

test('the page for people and the front door need nothing from other hosts', async (t) => {
  const app = await stockedApi(t);
  for (const url of ['/', '/docs', '/docs/static/index.css']) {
    const { statusCode, body, headers } = await app.inject(url);
    t.is(statusCode, 200, url);
    t.notRegex(body, /(?:src|href)="https?:/, url);
    if (url === '/docs') {
      t.regex(String(headers['content-security-policy']), /default-src 'self'/);
    }
  }
  t.is((await app.inject('/docs/static/swagger-ui-bundle.js')).statusCode, 200);
  t.is((await app.inject('/docs/json')).json<Document>().openapi, '3.1.0');
});
