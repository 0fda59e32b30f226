import * as E from 'fp-ts/lib/Either.js';
import type { Change } from '../git/packager.ts';
import { isRepoName } from '../git/dist-git.ts';
import { KINDS, type Kind, type Rule } from './misbehaviour.ts';

type Fields = Readonly<Record<string, unknown>>;

const text = (fields: Fields, key: string): string | undefined => {
  const value = fields[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const optional = (fields: Fields): Omit<Change, 'namespace' | 'repo' | 'branch'> => {
  const keys = ['file', 'content', 'message', 'author'] as const;
  const given = keys.flatMap((key) => {
    const value = text(fields, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const commits = Number(fields['commits'] ?? 1);
  return { ...Object.fromEntries(given), commits: Number.isInteger(commits) ? commits : 1 };
};

/** The body of POST /sandbox/commit. */
export const readChange = (fields: Fields): E.Either<string, Change> => {
  const [namespace, repo, branch] = [
    text(fields, 'namespace') ?? 'rpms',
    text(fields, 'repo'),
    text(fields, 'branch') ?? 'master',
  ];
  if (repo === undefined) return E.left('"repo" is missing: the name of a repository.');
  if (!isRepoName({ namespace, repo })) return E.left(`"${namespace}/${repo}" is no repository.`);
  const author = text(fields, 'author');
  if (author !== undefined && !/^[a-z][a-z0-9-]*$/.test(author)) {
    return E.left('"author" is an account name: small letters, digits and dashes.');
  }
  return E.right({ namespace, repo, branch, ...optional(fields) });
};

const orNull = (fields: Fields, key: string): string | null => text(fields, key) ?? null;

const isWhole = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least;

const REASONS: Partial<Readonly<Record<Kind, string>>> = {
  'refuse-push': 'This repository takes no pushes now.',
  'odcs-refuses': 'This compose is not allowed.',
  'compose-fails': 'The compose could not be made.',
};

const defaultReason = (kind: Kind): string => REASONS[kind] ?? 'Component build failed';

const COUNT = '"count" is how many times it shall happen: 1 or more, or absent.';

type Numbers = Pick<Rule, 'count' | 'ms' | 'status' | 'share'>;

const isShare = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 1;

const numbersOf = (fields: Fields): E.Either<string, Numbers> => {
  const { count = null, ms = 1000, status = 400, share = 1 } = fields;
  if (count !== null && !isWhole(count, 1)) return E.left(COUNT);
  if (!isWhole(ms, 0)) return E.left('"ms" is a time in milliseconds.');
  if (!isShare(share)) return E.left('"share" is a share of all messages, from 0 to 1.');
  return isWhole(status, 400)
    ? E.right({ count, ms, status, share })
    : E.left('"status" is the HTTP status of a refusal.');
};

/** The body of POST /sandbox/misbehave. */
export const readRule = (fields: Fields): E.Either<string, Omit<Rule, 'id'>> => {
  const kind = KINDS.find((known) => known === fields['kind']);
  if (kind === undefined) return E.left(`"kind" is one of ${KINDS.join(', ')}.`);
  const numbers = numbersOf(fields);
  if (E.isLeft(numbers)) return numbers;
  return E.right({
    ...{ kind, ...numbers.right },
    ...{ module: orNull(fields, 'module'), repo: orNull(fields, 'repo') },
    when: fields['when'] === 'after' ? 'after' : 'before',
    reason: text(fields, 'reason') ?? defaultReason(kind),
  });
};
