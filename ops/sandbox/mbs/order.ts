import * as E from 'fp-ts/lib/Either.js';
import { problem, type Answer } from '../http/reply.ts';
import { readScmUrl, type ScmUrl } from './scmurl.ts';

export type Order = {
  readonly scmurl: ScmUrl;
  readonly branch: string;
  readonly owner: string | undefined;
  readonly strategy: string;
  readonly scratch: boolean;
  readonly overrides: Readonly<Record<string, ReadonlyArray<string>>>;
};

const KEYS = new Set([
  ...['scmurl', 'branch', 'owner', 'rebuild_strategy', 'scratch', 'buildrequire_overrides'],
  ...['require_overrides', 'reuse_components_from', 'yum_repourls', 'module_name', 'srpms'],
]);
export const STRATEGIES = ['all', 'changed-and-after', 'only-changed'] as const;

/** A JSON object, or the 400 of MBS. */
export const readObject = (body: string): E.Either<Answer, Readonly<Record<string, unknown>>> => {
  const invalid = E.left(problem(400, 'Invalid JSON submitted'));
  try {
    const value = JSON.parse(body) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return invalid;
    return E.right(value as Readonly<Record<string, unknown>>);
  } catch {
    return invalid;
  }
};

const overrides = (value: unknown): Order['overrides'] | undefined => {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const fine = Object.values(value).every(Array.isArray);
  return fine ? (value as Order['overrides']) : undefined;
};

type Fields = Readonly<Record<string, unknown>>;

const strategyOf = (fields: Fields): E.Either<Answer, string> => {
  const given = fields['rebuild_strategy'] ?? 'only-changed';
  const known = STRATEGIES.find((strategy) => strategy === given);
  if (known !== undefined) return E.right(known);
  const method = JSON.stringify(given);
  const choice = STRATEGIES.join(', ');
  const message = `The rebuild method of ${method} is invalid. Choose from: ${choice}`;
  return E.left(problem(400, message));
};

const readOptions = (fields: Fields, scmurl: ScmUrl, branch: string): E.Either<Answer, Order> => {
  const unknown = Object.keys(fields).filter((key) => !KEYS.has(key));
  if (unknown.length > 0) {
    const named = unknown.join(', ');
    return E.left(problem(400, `The request contains unspecified parameters: ${named}`));
  }
  const strategy = strategyOf(fields);
  if (E.isLeft(strategy)) return strategy;
  const given = overrides(fields['buildrequire_overrides']);
  if (given === undefined) {
    return E.left(problem(400, 'The "buildrequire_overrides" parameter must be a map of lists'));
  }
  const owner = typeof fields['owner'] === 'string' ? fields['owner'] : undefined;
  const scratch = fields['scratch'] === true;
  return E.right({ scmurl, branch, owner, scratch, strategy: strategy.right, overrides: given });
};

/** Checks a submission in the order MBS does: JSON, scmurl, branch, then the optional keys. */
export const readOrder = (body: string): E.Either<Answer, Order> => {
  const fields = readObject(body);
  if (E.isLeft(fields)) return fields;
  if (fields.right['scmurl'] === undefined) return E.left(problem(400, 'Missing scmurl'));
  const scmurl = readScmUrl(fields.right['scmurl']);
  if (E.isLeft(scmurl)) return scmurl;
  const branch = fields.right['branch'];
  if (branch === undefined) return E.left(problem(400, 'Missing branch'));
  if (typeof branch !== 'string') return E.left(problem(400, 'The branch must be a string'));
  return readOptions(fields.right, scmurl.right, branch);
};
