import * as E from 'fp-ts/lib/Either.js';
import { problem, type Answer } from '../http/reply.ts';
import { BUILD, SOURCE_TYPES, TAG, type ComposeOrder } from './compose.ts';

export type Fields = Readonly<Record<string, unknown>>;

const FLAGS = new Set([
  ...['no_deps', 'no_inheritance', 'include_unpublished_pulp_repos', 'check_deps'],
  ...['include_done_modules', 'ignore_absent_pulp_repos', 'no_reuse', 'use_only_compatible_arch'],
]);
const RESULTS = new Set(['repository', 'iso', 'boot.iso']);

const DEFAULT_LIFE = 24 * 3600;
const LONGEST_LIFE = 72 * 3600;

const refused = (message: string): E.Either<Answer, never> => E.left(problem(400, message));

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): ReadonlyArray<string> | undefined =>
  Array.isArray(value) ? value.map(String) : undefined;

const joined = (value: unknown): string | null => texts(value)?.join(' ') ?? null;

/** A JSON object, or the 400 of ODCS. An empty one is none for a POST. */
export const readFields = (body: string): E.Either<Answer, Fields> => {
  try {
    const value = JSON.parse(body) as unknown;
    return isFields(value) ? E.right(value) : refused('No JSON POST data submitted');
  } catch {
    return refused('The browser (or proxy) sent a request that this server could not understand.');
  }
};

/** Seconds a compose shall live: a day when nothing is said, never over 72 hours. */
export const lifeOf = (fields: Fields): number => {
  const wanted = Number(fields['seconds_to_live'] ?? DEFAULT_LIFE);
  return Number.isFinite(wanted) ? Math.min(Math.max(wanted, 1), LONGEST_LIFE) : DEFAULT_LIFE;
};

const unknownOf = (
  value: unknown,
  known: ReadonlySet<string>,
  what: string,
): E.Either<Answer, ReadonlyArray<string>> => {
  const given = texts(value) ?? [];
  const unknown = given.find((name) => !known.has(name));
  return unknown === undefined ? E.right(given) : refused(`('Unknown ${what} %s', '${unknown}')`);
};

const sourceProblem = (type: number, source: string, builds: string | null): string | undefined => {
  if (type === BUILD && (builds ?? '') === '') return 'No builds provided for 6';
  if (type !== BUILD && source.trim() === '') return `No source provided for ${type}`;
  if (type === TAG && source.includes(' ')) {
    return 'Only single source is allowed for "tag" source_type';
  }
  return undefined;
};

type SourcePart = Pick<
  ComposeOrder,
  'source' | 'source_type' | 'builds' | 'packages' | 'sigkeys' | 'koji_event' | 'modular_koji_tags'
>;

const readSource = (given: unknown): E.Either<Answer, SourcePart> => {
  if (!isFields(given)) {
    return refused(`Invalid source configuration provided: ${JSON.stringify(given ?? null)}`);
  }
  if (given['type'] === undefined) {
    return refused(`Missing type in source configuration, received: ${JSON.stringify(given)}`);
  }
  const type = SOURCE_TYPES.findIndex((name) => name !== '' && name === given['type']);
  if (type < 0) return refused(`Unknown source type ${JSON.stringify(given['type'])}`);
  const source = typeof given['source'] === 'string' ? given['source'] : '';
  const builds = joined(given['builds']);
  const wrong = sourceProblem(type, source, builds);
  if (wrong !== undefined) return refused(wrong);
  const event = given['koji_event'];
  return E.right({
    ...{ source, source_type: type, builds, packages: joined(given['packages']) },
    sigkeys: joined(given['sigkeys']) ?? '',
    koji_event: typeof event === 'number' ? event : null,
    modular_koji_tags: joined(given['modular_koji_tags']),
  });
};

/** The body of POST composes/, checked in the order ODCS does. */
export const readOrder = (fields: Fields): E.Either<Answer, ComposeOrder> => {
  if (Object.keys(fields).length === 0) return refused('No JSON POST data submitted');
  const source = readSource(fields['source']);
  if (E.isLeft(source)) return source;
  const flags = unknownOf(fields['flags'], FLAGS, 'flag');
  if (E.isLeft(flags)) return flags;
  const results = unknownOf(fields['results'] ?? ['repository'], RESULTS, 'result');
  if (E.isLeft(results)) return results;
  return E.right({
    ...source.right,
    ...{ flags: flags.right, results: results.right },
    arches: joined(fields['arches']) ?? 'x86_64',
    label: typeof fields['label'] === 'string' ? fields['label'] : null,
  });
};
