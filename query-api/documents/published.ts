import type { FastifySchema } from 'fastify';

type Parameter = Readonly<Record<string, unknown>>;
type Parameters = {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Parameter>>;
};

const aside = new Set(['description', 'examples']);

const split = (parameter: Parameter): readonly [Parameter, Parameter] => {
  const entries = Object.entries(parameter);
  const about = entries.filter(([key]) => aside.has(key));
  const rule = entries.filter(([key]) => !aside.has(key) && key !== 'x-refusal');
  return [Object.fromEntries(about), Object.fromEntries(rule)];
};

const takenOnce = (parameter: Parameter): Parameter => {
  const [about, rule] = split(parameter);
  const several = { type: 'array', prefixItems: [rule], items: { type: 'string' } };
  const forms = Array.isArray(rule['anyOf']) ? (rule['anyOf'] as ReadonlyArray<unknown>) : [rule];
  return { ...about, anyOf: [...forms, several] };
};

/** Parameters as they are published: one that may stand once is taken several times too, the first counts. */
export const publishedParameters = ({ type, properties }: Parameters): Parameters => ({
  type,
  properties: Object.fromEntries(
    Object.entries(properties).map(([name, parameter]) => [
      name,
      parameter['type'] === 'array' ? parameter : takenOnce(parameter),
    ]),
  ),
});

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/** A name for generated clients: `/api/2/events/:id/decisions/` is `getApi2EventsByIdDecisions`. */
export const operationName = (url: string): string =>
  `get${url
    .replace(/:(\w+)\([^)]*\)/g, 'by-$1')
    .split(/[^a-zA-Z0-9]+/)
    .map(capital)
    .join('')}`;

/** A route's schema as it is published. */
export const publishedSchema = (schema: FastifySchema, url: string): FastifySchema => {
  const { querystring } = schema;
  return {
    ...schema,
    operationId: operationName(url),
    ...(querystring === undefined
      ? {}
      : { querystring: publishedParameters(querystring as Parameters) }),
  };
};
