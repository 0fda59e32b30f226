import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { FastifyReply } from 'fastify';
import type { Problem } from './problem.ts';
import type { JsonText } from './json-text.ts';
import { named } from './shapes.ts';

/** What a route found, and the position of the log up to which it holds. */
export type Answer = { readonly body: JsonText; readonly position: string | undefined };

/** Sends a problem as what it is; a passing one says when to ask again. */
export const refuse = (reply: FastifyReply, problem: Problem): FastifyReply => {
  if (problem.status === 503) void reply.header('retry-after', '5');
  return reply.code(problem.status).send(problem);
};

/** Opens what a route computes, the one place where that happens: an answer or a problem. */
export const answer = async (
  reply: FastifyReply,
  found: TaskEither<Problem, Answer>,
): Promise<FastifyReply> => {
  const result = await found();
  if (E.isLeft(result)) return refuse(reply, result.left);
  const { body, position } = result.right;
  if (position !== undefined) void reply.header('x-position', position);
  return reply.header('content-type', 'application/json; charset=utf-8').send(body);
};

const headers = {
  'x-position': {
    type: 'string',
    description: 'The position of the log that the answer has taken in, at least.',
  },
} as const;

/** The published form of an answer from a read model. */
export const found = (name: string, description: string) => ({
  description,
  ...named(name),
  headers,
});
