import { STATUS_CODES } from 'node:http';
import type { StoreFailure } from '../projectors/read-models.ts';
import { named } from './shapes.ts';

/** The one shape of every answer that is not the one asked for. */
export type Problem = {
  readonly error: string;
  readonly message: string;
  readonly status: number;
};

export const problemOf = (status: number, message: string): Problem => ({
  error: STATUS_CODES[status] ?? 'Error',
  message,
  status,
});

export const notFound = (message: string): Problem => problemOf(404, message);

/** A read model that cannot be read just now is a 503; a query it does not understand is our bug. */
export const storeProblem = ({ code, reason }: StoreFailure): Problem =>
  code === 'bad-query'
    ? problemOf(500, `We asked our own store a question it does not understand: ${reason}`)
    : problemOf(
        503,
        `The read models cannot be read now (${code}: ${reason}). Try again in a few seconds; /readyz tells when they answer again.`,
      );

export const problemSchema = {
  $id: 'Problem',
  type: 'object',
  description: 'What went wrong, and what would have been right.',
  properties: {
    error: { type: 'string', description: 'The name of the status.' },
    message: { type: 'string', description: 'What was wrong, and what is allowed.' },
    status: { type: 'integer', description: 'The HTTP status once more.' },
  },
  required: ['error', 'message', 'status'],
  additionalProperties: false,
  examples: [{ error: 'Not Found', message: 'No such event found.', status: 404 }],
} as const;

const meanings: Readonly<Record<number, string>> = {
  400: 'A parameter has a value that is not allowed; the message names it.',
  404: 'There is no such thing.',
  431: 'Request line and headers hold more than 16 KiB together.',
  500: 'A fault on our side.',
  503: 'The read models cannot be read now; try again.',
};

type Answers = Readonly<Record<string, { readonly description: string; readonly $ref: string }>>;

const answersOf = (statuses: ReadonlyArray<number>): Answers =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: meanings[status] ?? 'A problem.', ...named('Problem') },
    ]),
  );

/** Response schemas of the problems that any route may answer with. */
export const anyProblem = answersOf([431, 500]);

/** Response schemas of the problems that a route which reads may answer with, beside any route's. */
export const problems = (...statuses: ReadonlyArray<number>): Answers => ({
  ...answersOf([...statuses, 503]),
  ...anyProblem,
});
