import * as E from 'fp-ts/lib/Either.js';
import { parse, stringify } from 'yaml';

type Mapping = Readonly<Record<string, unknown>>;

/** The parts of a module's file that MBS acts on. Every scalar is text, as libmodulemd has it. */
export type ModuleFile = {
  readonly document: Mapping;
  readonly dependencies: ReadonlyArray<DependencyBlock>;
  readonly components: ReadonlyArray<FileComponent>;
};

/** Module name → stream texts; an empty list means all streams, `-x` excludes stream x. */
export type DependencyBlock = {
  readonly buildrequires: Readonly<Record<string, ReadonlyArray<string>>>;
  readonly requires: Readonly<Record<string, ReadonlyArray<string>>>;
};

export type FileComponent = {
  readonly key: string;
  readonly package: string;
  /** Branch, tag or hash; `master` where the packager wrote none. */
  readonly ref: string;
};

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapping = (value: unknown): Mapping => (isMapping(value) ? value : {});
const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const streams = (value: unknown): ReadonlyArray<string> => {
  if (Array.isArray(value)) return value.map(String);
  const one = text(value);
  return one === undefined ? [] : [one];
};

const streamMap = (value: unknown): Readonly<Record<string, ReadonlyArray<string>>> =>
  Object.fromEntries(Object.entries(mapping(value)).map(([name, given]) => [name, streams(given)]));

const block = (value: unknown): DependencyBlock => ({
  buildrequires: streamMap(mapping(value)['buildrequires']),
  requires: streamMap(mapping(value)['requires']),
});

const repoName = (url: unknown): string | undefined =>
  text(url)
    ?.replace(/(\.git)?\/?$/, '')
    .split('/')
    .at(-1);

const component = ([key, value]: readonly [string, unknown]): FileComponent => {
  const fields = mapping(value);
  const name = repoName(fields['repository']) ?? text(fields['name']) ?? key;
  return { key, package: name, ref: text(fields['ref']) ?? 'master' };
};

const read = (document: unknown): E.Either<string, ModuleFile> => {
  if (!isMapping(document)) return E.left('it is no mapping');
  if (document['document'] !== 'modulemd') return E.left('its document is not "modulemd"');
  if (!['1', '2'].includes(String(document['version']))) return E.left('its version is not 1 or 2');
  const data = mapping(document['data']);
  const given = data['dependencies'];
  const dependencies = Array.isArray(given) ? given.map(block) : [block(given)];
  const rpms = mapping(mapping(data['components'])['rpms']);
  return E.right({ document, dependencies, components: Object.entries(rpms).map(component) });
};

/** Reads modulemd version 1 or 2; a Left says what is wrong with it. */
export const readModulemd = (yaml: string): E.Either<string, ModuleFile> => {
  try {
    return read(parse(yaml, { schema: 'failsafe' }) as unknown);
  } catch (error) {
    return E.left(String(error));
  }
};

/** The commit of each component that MBS has noted under `xmd.mbs.rpms`, by its key. */
export const resolvedRef = ({ document }: ModuleFile, key: string): string | undefined => {
  const mbs = mapping(mapping(mapping(document['data'])['xmd'])['mbs']);
  return text(mapping(mapping(mbs['rpms'])[key])['ref']);
};

const numbered = (rpms: Mapping): Mapping =>
  Object.fromEntries(
    Object.entries(rpms).map(([key, value]) => {
      const fields = mapping(value);
      const order = text(fields['buildorder']);
      return [key, order === undefined ? fields : { ...fields, buildorder: Number(order) }];
    }),
  );

export type Identity = {
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly context: string;
};

/** The file as MBS keeps it: named, versioned, with its own notes under `xmd.mbs`. */
export const completedModulemd = (
  file: ModuleFile,
  { name, stream, version, context }: Identity,
  block: DependencyBlock,
  mbs: Mapping,
): string => {
  const { document } = file;
  const identity = { name, stream, version: Number(version), context };
  const data = mapping(document['data']);
  const components = mapping(data['components']);
  const old = document['version'] === '1';
  const single = (map: DependencyBlock['requires']): Mapping =>
    Object.fromEntries(Object.entries(map).map(([key, [first]]) => [key, first ?? '']));
  const dependencies = old
    ? { buildrequires: single(block.buildrequires), requires: single(block.requires) }
    : [block];
  const rpms = mapping(components['rpms']);
  const whole = {
    document: 'modulemd',
    version: Number(document['version']),
    data: {
      ...identity,
      ...data,
      ...identity, // first for the order of the keys, again to have the last word
      dependencies,
      xmd: { ...mapping(data['xmd']), mbs },
      ...(Object.keys(rpms).length === 0
        ? {}
        : { components: { ...components, rpms: numbered(rpms) } }),
    },
  };
  return stringify(whole, { lineWidth: 0, aliasDuplicateObjects: false });
};
