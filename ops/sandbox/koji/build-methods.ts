import * as E from 'fp-ts/lib/Either.js';
import type { Book } from './book.ts';
import { generic, method, repr, type Method } from './method.ts';
import type { Build } from './port.ts';
import { queried } from './query-options.ts';
import { listedBuild, shownBuild } from './render.ts';
import { isStruct, plainText, type Struct, type Value } from './value.ts';

/** By id, NVR, or a struct with `id` or with name, version and release. */
export const findBuild = (book: Book, info: Value | undefined): Build | undefined => {
  if (typeof info === 'number' || typeof info === 'string') return book.build(info);
  if (!isStruct(info)) return undefined;
  const { id, name, version, release } = info;
  if (typeof id === 'number') return book.build(id);
  return book.build([name, version, release].map(String).join('-'));
};

const build = method('get_build', 1, ['buildInfo', 'strict'], ({ book }, args) => {
  const found = findBuild(book, args['buildInfo']);
  if (found !== undefined) return E.right(shownBuild(book, found));
  return args['strict'] === true
    ? generic(`No such build: ${repr(args['buildInfo'])}`)
    : E.right(null);
});

const packageIs = (book: Book, wanted: Value | undefined, name: string): boolean =>
  wanted == null || wanted === name || wanted === book.packages.idOf(name);

const userIs = (book: Book, wanted: Value | undefined, name: string): boolean =>
  wanted == null || wanted === name || wanted === book.users.idOf(name);

const LATER: Readonly<Record<string, (build: Build) => number>> = {
  createdBefore: ({ startedAt }) => -startedAt,
  createdAfter: ({ startedAt }) => startedAt,
  completeBefore: ({ completedAt }) => -completedAt,
  completeAfter: ({ completedAt }) => completedAt,
};

/** Unix seconds, or a text with a time in it, as milliseconds. */
export const instant = (value: Value | undefined): number | undefined => {
  if (typeof value === 'number') return value * 1000;
  if (typeof value !== 'string') return undefined;
  const text = /[Z]$|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`;
  const at = Date.parse(text.replace(' ', 'T'));
  return Number.isNaN(at) ? undefined : at;
};

const timely = (found: Build, args: Struct): boolean =>
  Object.entries(LATER).every(([name, of]) => {
    const limit = instant(args[name]);
    return limit === undefined || of(found) > (name.endsWith('Before') ? -limit : limit);
  });

const typed = (found: Build, type: Value | undefined): boolean =>
  type == null ||
  (type === 'image' && found.image !== null) ||
  (type === 'rpm' && found.image === null);

const pattern = (glob: Value | undefined): RegExp | undefined =>
  typeof glob === 'string'
    ? new RegExp(
        `^${glob
          .replace(/[.+^${}()|\\[\]]/g, '\\$&')
          .replace(/\*/g, '.*')
          .replace(/\?/g, '.')}$`,
        'i',
      )
    : undefined;

const LIST_BUILDS = [
  ...['packageID', 'userID', 'taskID', 'prefix', 'state', 'volumeID', 'source', 'createdBefore'],
  ...['createdAfter', 'completeBefore', 'completeAfter', 'type', 'typeInfo', 'queryOpts'],
  ...['pattern', 'cgID', 'draft', 'promoter', 'promotedBefore', 'promotedAfter'],
];

type Test = (found: Build) => boolean;

const byText = (args: Struct): ReadonlyArray<Test> => {
  const [glob, source] = [pattern(args['pattern']), pattern(args['source'])];
  const { prefix } = args;
  return [
    ...(glob === undefined ? [] : [({ nvr }: Build) => glob.test(nvr)]),
    ...(source === undefined ? [] : [(found: Build) => source.test(found.source ?? '')]),
    ...(typeof prefix === 'string' ? [({ name }: Build) => name.startsWith(prefix)] : []),
  ];
};

const tests = (book: Book, args: Struct): ReadonlyArray<Test> => [
  ...byText(args),
  ({ name }) => packageIs(book, args['packageID'], name),
  ({ owner }) => userIs(book, args['userID'], owner),
  ({ state }) => args['state'] == null || args['state'] === state,
  ({ taskId }) => args['taskID'] == null || args['taskID'] === taskId,
  (found) => typed(found, args['type']),
  (found) => timely(found, args),
];

const builds = method('RootExports.listBuilds', 0, LIST_BUILDS, ({ book }, args) => {
  const { type, packageID } = args;
  if (type != null && type !== 'image' && type !== 'rpm') {
    return generic(`unsupported build type: ${plainText(type)}`);
  }
  const known = typeof packageID === 'string' ? book.buildsOf(packageID) : book.builds();
  const all = tests(book, args);
  const rows = known
    .filter((found) => all.every((test) => test(found)))
    .map((found) => listedBuild(book, found));
  return E.right(queried(rows, args['queryOpts']));
});

const buildType = method('get_build_type', 1, ['buildInfo', 'strict'], ({ book }, args) => {
  const found = findBuild(book, args['buildInfo']);
  if (found === undefined) {
    return args['strict'] === true
      ? generic(`No such build: ${repr(args['buildInfo'])}`)
      : E.right(null);
  }
  return E.right(found.image === null ? { rpm: null } : { image: { build_id: found.id } });
});

/** Which images hold any RPM of a build, and which tags it is in. */
const references = method('build_references', 1, ['build', 'limit', 'lazy'], ({ book }, args) => {
  const found = findBuild(book, args['build']);
  if (found === undefined) return generic(`No such build: ${repr(args['build'])}`);
  const ids = new Set(found.rpms.map(({ id }) => id));
  const images = book
    .builds()
    .flatMap(({ image }) => image?.archives ?? [])
    .filter((one) => one.rpms.some((id) => ids.has(id)))
    .map(({ id }) => id);
  const tags = book.tags.ofBuild(found.id).map((name) => {
    return { name, tag_id: book.tags.names.idOf(name) };
  });
  const limit = typeof args['limit'] === 'number' ? args['limit'] : undefined;
  return E.right({
    ...{ tags, rpms: [], component_of: images.slice(0, limit), archives: [], last_used: null },
    images: images.slice(0, limit),
  });
});

export const BUILD_METHODS: Readonly<Record<string, Method>> = {
  ...{ getBuild: build, listBuilds: builds, getBuildType: buildType, buildReferences: references },
};
