import { json, problem, type Answer } from '../http/reply.ts';
import type { Bus } from './bus.ts';

const number = (text: string | null, otherwise: number, most: number): number | undefined => {
  if (text === null || text === '') return otherwise;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? Math.min(value, most) : undefined;
};

const foreign = (after: string): Answer =>
  problem(
    410,
    `The cursor "${after}" belongs to another world or lies ahead of this one (was it started with ` +
      '--fresh?). Ask again with after= to read from the beginning, or after=latest for news only.',
  );

/**
 * GET /bus/feed?after=<cursor>&wait=<seconds, at most 60>&max=<n, at most 1000>: the messages after
 * the cursor; waits for the first when there is none yet. `leaving` fires when the client has gone.
 */
export const answerFeed = async (
  bus: Bus,
  query: URLSearchParams,
  leaving: AbortSignal,
): Promise<Answer> => {
  const after = query.get('after') ?? '';
  const wait = number(query.get('wait'), 0, 60);
  const max = number(query.get('max'), 100, 1000);
  if (wait === undefined || max === undefined || max < 1) {
    return problem(400, '"wait" is seconds (0 to 60) and "max" a count (1 to 1000).');
  }
  const first = bus.page(after, max);
  if (first === undefined) return foreign(after);
  if (first.messages.length > 0 || wait === 0) return json(200, first);
  // Not AbortSignal.any: Node 20 may collect it before it fires.
  const enough = new AbortController();
  const end = (): void => enough.abort();
  const timer = setTimeout(end, wait * 1000);
  leaving.addEventListener('abort', end, { once: true });
  if (leaving.aborted) end();
  await bus.nextMessage(enough.signal);
  clearTimeout(timer);
  leaving.removeEventListener('abort', end);
  return json(200, bus.page(first.next, max) ?? first);
};
