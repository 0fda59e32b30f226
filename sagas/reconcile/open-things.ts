import * as E from 'fp-ts/lib/Either.js';
import { realmOf } from '../../domain/stream-names.ts';
import type { Hindrance } from '../act.ts';
import { forEach } from '../side-by-side.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Answer, Course, Thing } from './question.ts';

/** Questions put to one service at a time. */
const atOnce = 4;

const interrupted: Hindrance = { code: 'interrupted', reason: 'The run was stopped.' };

/**
 * Asks about every stream with open work of a saga: what was answered before a failure counts. Of a
 * rehearsal nobody knows anything.
 */
export const askOpen = async (
  deps: ReconcileDeps,
  { signal }: Course,
  saga: 'rebuild' | 'compose',
  thingsOf: (stream: string) => Promise<E.Either<Hindrance, ReadonlyArray<Thing>>>,
): Promise<Answer> => {
  const streams = await deps.openStreams(saga, signal);
  if (E.isLeft(streams)) return { count: 0, things: [], failure: streams.left };
  const real = streams.right.filter((stream) => realmOf(stream) === 'real');
  const things: Array<Thing> = [];
  const asked = await forEach(real, atOnce, async (stream) => {
    if (signal.aborted) return E.left(interrupted);
    const found = await thingsOf(stream);
    if (E.isRight(found)) things.push(...found.right);
    return found;
  });
  const answer = { count: things.length, things };
  return E.isLeft(asked) ? { ...answer, failure: asked.left } : answer;
};
