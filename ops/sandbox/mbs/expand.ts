import { createHash } from 'node:crypto';
import type { DependencyBlock } from './modulemd.ts';

/** One way to build a commit: a stream chosen for each module it build-requires. */
export type Variant = {
  readonly buildrequires: Readonly<Record<string, string>>;
  readonly requires: Readonly<Record<string, ReadonlyArray<string>>>;
};

const chosen = (
  given: ReadonlyArray<string>,
  known: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const wanted = given.filter((stream) => !stream.startsWith('-'));
  if (wanted.length > 0) return wanted;
  const unwanted = new Set(given.map((stream) => stream.slice(1)));
  return known.filter((stream) => !unwanted.has(stream));
};

const combinations = (
  entries: ReadonlyArray<readonly [string, ReadonlyArray<string>]>,
): ReadonlyArray<Readonly<Record<string, string>>> =>
  entries.reduce<ReadonlyArray<Readonly<Record<string, string>>>>(
    (found, [name, streams]) =>
      found.flatMap((one) => streams.map((stream) => ({ ...one, [name]: stream }))),
    [{}],
  );

const runtime = (
  { requires }: DependencyBlock,
  buildrequires: Readonly<Record<string, string>>,
): Variant['requires'] =>
  Object.fromEntries(
    Object.entries(requires).map(([name, streams]) => {
      const built = buildrequires[name];
      const same = built !== undefined && (streams.length === 0 || streams.includes(built));
      return [name, same ? [built] : streams];
    }),
  );

/**
 * Stream expansion: every combination of the streams that each block of dependencies permits.
 * `knownStreams` answers the streams MBS has of a module.
 */
export const expandStreams = (
  blocks: ReadonlyArray<DependencyBlock>,
  knownStreams: (module: string) => ReadonlyArray<string>,
): ReadonlyArray<Variant> => {
  const variants = blocks.flatMap((block) => {
    const entries = Object.entries(block.buildrequires).map(
      ([name, given]) => [name, chosen(given, knownStreams(name))] as const,
    );
    return combinations(entries).map((buildrequires) => ({
      buildrequires,
      requires: runtime(block, buildrequires),
    }));
  });
  const byContext = new Map(variants.map((variant) => [contextOf(variant).context, variant]));
  return [...byContext.values()];
};

const python = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map((one) => JSON.stringify(one)).join(', ')}]`
    : JSON.stringify(value);

const hash = (text: string): string => createHash('sha1').update(text).digest('hex');

const hashOfMap = (map: Readonly<Record<string, unknown>>): string => {
  const entries = Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return hash(`{${entries.map(([key, value]) => `${python(key)}: ${python(value)}`).join(', ')}}`);
};

/** The context and the two hashes it is made of, as MBS 3 computes them. */
export const contextOf = (
  variant: Variant,
): {
  readonly build_context: string;
  readonly runtime_context: string;
  readonly context: string;
} => {
  const build = hashOfMap(variant.buildrequires);
  const run = hashOfMap(variant.requires);
  const context = hash(`${build}:${run}`).slice(0, 8);
  return { build_context: build, runtime_context: run, context };
};
