import type { Socket } from 'node:net';
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchema,
} from 'fastify';
import { refuse } from './answer.ts';
import type { Problem } from './problem.ts';
import { notFound, problemOf } from './problem.ts';

type SchemaFault = {
  readonly instancePath: string;
  readonly message?: string;
  readonly data?: unknown;
  readonly parentSchema?: Readonly<Record<string, unknown>>;
};

/** The sentence for a value its JSON Schema does not allow: the schema's own `x-refusal`, if it has one. */
export const faultSentence = ({
  instancePath,
  message,
  data,
  parentSchema,
}: SchemaFault): string => {
  const refusal = parentSchema?.['x-refusal'];
  if (typeof refusal === 'string') return refusal.replace('{value}', () => String(data));
  const name = instancePath.split('/')[1] ?? '';
  return `The parameter ${name} ${message ?? 'has a value that is not allowed'}.`;
};

const problemFor = (error: FastifyError): Problem => {
  if (error.validationContext === 'params') {
    return notFound('There is no such path: its number is too large.');
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return problemOf(status, error.message);
  return problemOf(500, 'Something broke on our side; the log of the service says what.');
};

/** Sends what was thrown in the one shape; what is our fault is told to the log as well. */
export const refuseError = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const problem = problemFor(error);
  if (problem.status >= 500) {
    const { id: reqId, url } = request;
    request.log.error({ err: error, reqId, url }, 'request failed');
  }
  return refuse(reply, problem);
};

type Path = { readonly pattern: RegExp; readonly methods: Set<string> };

const patternOf = (url: string): RegExp => {
  const source = url
    .replace(/[.]/g, '\\.')
    .replace(/:\w+\(\^?(.*?)\$?\)/g, '$1')
    .replace(/\*/g, '.*')
    .replace(/\/$/, '');
  return new RegExp(`^${source}/?$`);
};

const unknownPath = (path: string): Problem =>
  notFound(
    `There is no ${path} here. /docs and /openapi.json list every path; ids in paths are whole numbers.`,
  );

const wrongMethod = (method: string, path: string, allowed: string): Problem =>
  problemOf(405, `${method} is not possible on ${path}; allowed are ${allowed}.`);

/**
 * Answers what no route takes (404, 405 with `Allow`, OPTIONS) and what a route throws. To be called
 * before the routes are made.
 */
export const refuseRest = (app: FastifyInstance): void => {
  const paths = new Map<string, Path>();
  app.addHook('onRoute', ({ url, method }) => {
    const path = paths.get(url) ?? { pattern: patternOf(url), methods: new Set(['OPTIONS']) };
    for (const one of [method].flat()) path.methods.add(one);
    paths.set(url, path);
  });
  const refuseUnknown = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const path = request.url.split('?')[0] ?? '/';
    const known = [...paths.values()].find(({ pattern }) => pattern.test(path));
    if (known === undefined) return refuse(reply, unknownPath(path));
    const allowed = [...known.methods].sort().join(', ');
    void reply.header('allow', allowed);
    if (request.method === 'OPTIONS') return reply.code(200).send();
    return refuse(reply, wrongMethod(request.method, path, allowed));
  };
  app.setNotFoundHandler(refuseUnknown);
  // What is wrong with the body of a request that nobody takes does not matter.
  app.setErrorHandler((error: FastifyError, request, reply) =>
    request.is404 ? refuseUnknown(request, reply) : refuseError(error, request, reply),
  );
};

const unreadable: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: problemOf(431, 'Request line and headers may hold 16 KiB together.'),
  ERR_HTTP_REQUEST_TIMEOUT: problemOf(408, 'The request took too long to arrive.'),
};

/** Answers what is no readable HTTP request at all, and hangs up. */
export const refuseUnreadable = (
  error: Error & { readonly code?: string },
  socket: Socket,
): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem =
    unreadable[error.code ?? ''] ?? problemOf(400, `This is no readable HTTP: ${error.message}.`);
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.error}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Content-Type: application/json; charset=utf-8',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};

/** Of a parameter that may stand once, the first counts; an ambiguous form is as good as none. */
export const foldRepeated = (
  query: Record<string, unknown>,
  schemaOf: () => FastifySchema | undefined,
): void => {
  for (const name of Object.keys(query)) {
    const value = query[name];
    if (!Array.isArray(value)) continue;
    const { properties } = (schemaOf()?.querystring ?? {}) as {
      readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
    };
    if (properties?.[name]?.type === 'array') continue;
    query[name] = name === 'show_full_json' ? '' : (value[0] as unknown);
  }
};
