/** One binary RPM that an image installs, and where it comes from. */
export type Installed = {
  readonly rpm: string;
  /** Package it is built from. */
  readonly source: string;
  /** `name:stream` of the module it is taken from; absent for an ordinary RPM. */
  readonly module?: string;
};

/** What an earlier build of an image had in another way than the newest. */
export type PastBuild = {
  /** Held then and no longer. */
  readonly held: ReadonlyArray<Installed>;
  /** Names of RPMs that were not held yet. */
  readonly without: ReadonlyArray<string>;
};

/** An image on one branch of `container/<name>`. */
export type ImageStream = {
  readonly name: string;
  readonly branch: string;
  /** Koji's name of it. */
  readonly component: string;
  /** `name:branch` of the image it is built FROM. */
  readonly from?: string;
  /** What it installs itself, beside what comes with its parent. */
  readonly holds: ReadonlyArray<Installed>;
  /** Its builds before the newest, youngest first. */
  readonly past: ReadonlyArray<PastBuild>;
  /** False where the tasks of its builds do not tell a branch. */
  readonly branchTold: boolean;
  /** False for an image that is in dist-git and was never built. */
  readonly built: boolean;
};

/** Everything an image holds or held by itself. */
export const everInstalled = (image: ImageStream): ReadonlyArray<Installed> => [
  ...image.holds,
  ...image.past.flatMap(({ held }) => held),
];

/** What is known of a package beyond its name. */
export type SourcePackage = {
  readonly name: string;
  readonly epoch: number | null;
  readonly version: string;
  /** Binary RPMs, beside those that images name. */
  readonly rpms: ReadonlyArray<string>;
};

const INSTALLED = /^([^=%]+)(?:=([^=%]+))?(?:%([^=%]+))?$/;

const installed = (text: string): Installed => {
  const [, rpm, source, module] = INSTALLED.exec(text) ?? [];
  if (rpm === undefined) throw new TypeError(`"${text}" is no RPM: rpm, rpm=package, rpm%module`);
  return { rpm, source: source ?? rpm, ...(module === undefined ? {} : { module }) };
};

const list = (text: string | undefined): ReadonlyArray<string> =>
  (text ?? '').split(',').filter((one) => one !== '');

const pastBuild = (text: string): PastBuild => {
  const words = list(text).filter((word) => word !== 'same');
  const without = words.filter((word) => word.startsWith('-')).map((word) => word.slice(1));
  return { held: words.filter((word) => !word.startsWith('-')).map(installed), without };
};

const CLAUSES = ['as', 'from', 'holds', 'past'] as const;
type Clause = (typeof CLAUSES)[number];

const clausesOf = (words: ReadonlyArray<string>): ReadonlyArray<readonly [Clause, string]> =>
  words.flatMap((word, index) => {
    const clause = CLAUSES.find((known) => known === word);
    return clause === undefined ? [] : [[clause, words[index + 1] ?? ''] as const];
  });

/**
 * Reads one line of a list of images:
 * `image httpd:f28 as httpd-container from base:f28 holds httpd,openssl-libs=openssl past bash`.
 *
 * What it holds is `rpm`, `rpm=package` where the package has another name, or
 * `rpm=package%module:stream` for an RPM of a module. Each `past` is one more build before the
 * newest, youngest first: `same`, or what it held besides (`bash`) and did not hold yet (`-httpd`).
 * An earlier build has everything in an earlier version. `branchless`: its tasks tell no branch;
 * `unbuilt`: Koji has no build of it. The word `image` in front may be left out.
 */
export const imageLine = (line: string): ImageStream => {
  const all = line.trim().split(/\s+/);
  const words = all[0] === 'image' ? all.slice(1) : all;
  const [name = '', branch = ''] = (words[0] ?? '').split(':');
  if (name === '' || branch === '') throw new TypeError(`"${line}" names no image as name:branch`);
  const clauses = clausesOf(words);
  const first = (clause: Clause): string | undefined =>
    clauses.find(([known]) => known === clause)?.[1];
  const from = first('from');
  return {
    ...{ name, branch, component: first('as') ?? name },
    ...(from === undefined ? {} : { from }),
    holds: list(first('holds')).map(installed),
    past: clauses.filter(([clause]) => clause === 'past').map(([, text]) => pastBuild(text)),
    branchTold: !words.includes('branchless'),
    built: !words.includes('unbuilt'),
  };
};

const SOURCE = /^(?:(\d+):)?(.+)$/;

/**
 * Reads one line about a package: `package openssl 1:1.1.0f gives openssl,openssl-libs`: its version,
 * with its epoch where it has one, and binary RPMs beside those that images hold.
 */
export const packageLine = (line: string): SourcePackage => {
  const all = line.trim().split(/\s+/);
  const [name = '', text = '1.0', gives, rpms] = all[0] === 'package' ? all.slice(1) : all;
  const [, epoch, version = '1.0'] = SOURCE.exec(text) ?? [];
  return {
    ...{ name, version, epoch: epoch === undefined ? null : Number(epoch) },
    rpms: gives === 'gives' ? list(rpms) : [],
  };
};
