import * as E from 'fp-ts/lib/Either.js';
import { parseDocument } from 'yaml';
import { isJsonObject } from '../../domain/json.ts';

/** What a modulemd document says a module holds and was built with. */
export type Modulemd = {
  readonly components: ReadonlyArray<{ readonly package: string; readonly ref: string }>;
  /** `name:stream`, as far as the document itself resolves them. */
  readonly buildRequires: ReadonlyArray<string>;
};

const longest = 4 * 1024 * 1024;
const mostAliases = 100;

const at = (value: unknown, ...path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>(
    (inner, key) => (isJsonObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );

const entries = (value: unknown): ReadonlyArray<readonly [string, unknown]> =>
  isJsonObject(value) ? Object.entries(value) : [];

/** Scalars are all text here, as for libmodulemd: `ref: 10` and `stream: 1.10` stay as written. */
const parsed = (text: string): E.Either<string, unknown> => {
  try {
    const document = parseDocument(text, {
      schema: 'failsafe',
      strict: false,
      uniqueKeys: false,
      logLevel: 'error',
    });
    const [error] = document.errors;
    if (error !== undefined) return E.left(error.message.split('\n', 1)[0] ?? error.message);
    return E.right(document.toJS({ maxAliasCount: mostAliases }) as unknown);
  } catch (error) {
    return E.left(error instanceof Error ? error.message : String(error));
  }
};

const textAt = (value: unknown, key: string): string | undefined => {
  const text = at(value, key);
  return typeof text === 'string' && !['', '~', 'null'].includes(text) ? text : undefined;
};

const lastOf = (repository: string): string | undefined => {
  const path = repository.replace(/[?#].*$/, '').replace(/\/+$/, '');
  const name = path
    .split('/')
    .at(-1)
    ?.replace(/\.git$/, '');
  return name === '' ? undefined : name;
};

/** A component's key is only a label where `name` or `repository` say what the package really is. */
const component = ([key, rpm]: readonly [string, unknown]) => {
  const repository = textAt(rpm, 'repository');
  const packageName = textAt(rpm, 'name') ?? (repository && lastOf(repository)) ?? key;
  return { package: packageName, ref: textAt(rpm, 'ref') ?? 'master' };
};

const isBefore = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const streamsUsed = (data: unknown): ReadonlyArray<string> => {
  const used = entries(at(data, 'xmd', 'mbs', 'buildrequires')).flatMap(([name, entry]) => {
    const stream = textAt(entry, 'stream');
    return stream === undefined ? [] : [`${name}:${stream}`];
  });
  if (used.length > 0) return used;
  return entries(at(data, 'dependencies', 'buildrequires')).flatMap(([name, stream]) =>
    typeof stream === 'string' ? [`${name}:${stream}`] : [],
  );
};

/**
 * Reads a modulemd document, version 1 or 2, from anybody. Components come by package name; a
 * missing `ref` means `master`. The reason when it is no such document or too much of one.
 */
export const readModulemd = (text: string): E.Either<string, Modulemd> => {
  if (text.length > longest) {
    return E.left(`${text.length} characters long; at most ${longest} are read`);
  }
  const document = parsed(text);
  if (E.isLeft(document)) return document;
  const data = at(document.right, 'data');
  if (!isJsonObject(data)) {
    return E.left(`a document with "data" was expected, and it begins "${text.slice(0, 40)}"`);
  }
  const components = entries(at(data, 'components', 'rpms'))
    .map(component)
    .sort((a, b) => isBefore(a.package, b.package) || isBefore(a.ref, b.ref));
  return E.right({ components, buildRequires: streamsUsed(data) });
};
