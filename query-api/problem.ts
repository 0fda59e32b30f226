import { STATUS_CODES } from 'node:http';
import type { StoreFailure } from '../projectors/read-models.ts';

/** The one shape of every answer that is not the one asked for. */
export type Problem = {
  readonly status: number;
  readonly error: string;
  readonly message: string;
};

export const problemOf = (status: number, message: string): Problem => ({
  status,
  error: STATUS_CODES[status] ?? 'Error',
  message,
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
    status: { type: 'integer', description: 'The HTTP status once more.' },
    error: { type: 'string', description: 'The name of the status.' },
    message: { type: 'string', description: 'What was wrong, and what is allowed.' },
  },
  required: ['status', 'error', 'message'],
  additionalProperties: false,
  examples: [{ status: 404, error: 'Not Found', message: 'No such event found.' }],
} as const;

const meanings: Readonly<Record<number, string>> = {
  400: 'A parameter has a value that is not allowed; the message names it.',
  404: 'There is no such thing.',
  500: 'A fault on our side.',
  503: 'The read models cannot be read now; try again.',
};

/** Response schemas of the problems a route may answer with, beside those any route may. */
export const problems = (
  ...statuses: ReadonlyArray<number>
): Readonly<Record<string, { readonly description: string; readonly $ref: string }>> =>
  Object.fromEntries(
    [...statuses, 500, 503].map((status) => [
      String(status),
      { description: meanings[status] ?? 'A problem.', $ref: 'Problem#' },
    ]),
  );
