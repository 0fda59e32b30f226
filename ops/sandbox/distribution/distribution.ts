import { everInstalled, type ImageStream, type SourcePackage } from './images.ts';

/** One RPM of a module as its packager wrote it; `ref` absent means the default branch. */
export type Component = {
  readonly key: string;
  readonly package: string;
  readonly ref?: string;
  /** How the file says that key and package differ: `name:` or `repository:`. */
  readonly via?: 'name' | 'repository';
};

/** One stream of a module: a branch of `modules/<name>`. */
export type ModuleStream = {
  readonly name: string;
  readonly stream: string;
  /** modulemd 1 (dependencies are a map) or 2 (a list). */
  readonly modulemd: 1 | 2;
  /** Platform streams it is built for; several give several contexts. */
  readonly platforms: ReadonlyArray<string>;
  /** `name:stream` of the modules it build-requires. */
  readonly needs: ReadonlyArray<string>;
  readonly holds: ReadonlyArray<Component>;
  /** False for a module that is in dist-git and that MBS has never built. */
  readonly built: boolean;
};

export type Distribution = {
  readonly platforms: ReadonlyArray<string>;
  readonly modules: ReadonlyArray<ModuleStream>;
  /** Packages beside those that modules hold. */
  readonly packages: ReadonlyArray<string>;
  readonly images?: ReadonlyArray<ImageStream>;
  /** What is known of packages beyond their names. */
  readonly sources?: ReadonlyArray<SourcePackage>;
};

/** Branches that every package has, beside those that a module names. */
export const COMMON_BRANCHES = ['master', 'rawhide', 'main', 'f27', 'f28', 'f29'] as const;

/** Package → the branches of `rpms/<package>`. */
export const packageBranches = (
  distribution: Distribution,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const held = distribution.modules.flatMap((module) => module.holds);
  const inImages = (distribution.images ?? []).flatMap(everInstalled);
  const names = [
    ...distribution.packages,
    ...held.map((component) => component.package),
    ...inImages.map(({ source }) => source),
    ...(distribution.sources ?? []).map(({ name }) => name),
  ];
  const branches = new Map(names.map((name) => [name, new Set<string>(COMMON_BRANCHES)]));
  for (const { package: name, ref } of held) {
    if (ref !== undefined && !/^[0-9a-f]{40}$/.test(ref)) branches.get(name)?.add(ref);
  }
  return branches;
};

/** The streams of one module, in the order of the list. */
export const streamsOf = (distribution: Distribution, name: string): ReadonlyArray<ModuleStream> =>
  distribution.modules.filter((module) => module.name === name);

const component = (text: string): Component => {
  const [left = '', right] = text.split('=');
  const [name = '', ref] = (right ?? left).split('@');
  const key = right === undefined ? name : left;
  return {
    key,
    package: name,
    ...(ref === undefined ? {} : { ref }),
    ...(right === undefined ? {} : { via: key.endsWith('-compat') ? 'name' : 'repository' }),
  };
};

/**
 * Reads one line of a list of modules: `name:stream on f27,f28 needs a:1,b:2 holds bash@f28 npm`.
 * A component is `package`, `package@branch` or `key=package@branch`; `v1` in front means modulemd 1,
 * `unbuilt` after the name that MBS has never built it.
 */
export const moduleLine = (line: string): ModuleStream => {
  const words = line.trim().split(/\s+/);
  const old = words[0] === 'v1';
  const [name = '', stream = ''] = (words[old ? 1 : 0] ?? '').split(':');
  const after = (word: string): ReadonlyArray<string> => {
    const at = words.indexOf(word);
    return at < 0 ? [] : (words[at + 1] ?? '').split(',').filter((text) => text !== '');
  };
  const holdsAt = words.indexOf('holds');
  const holds = holdsAt < 0 ? [] : words.slice(holdsAt + 1).map(component);
  const on = after('on');
  const platforms = on.length > 0 ? on : ['f28'];
  const built = !words.includes('unbuilt');
  return { name, stream, modulemd: old ? 1 : 2, platforms, needs: after('needs'), holds, built };
};
