/** Epoch, version and release of a build. */
export type Evr = {
  readonly epoch: number | null;
  readonly version: string;
  readonly release: string;
};

const TOKEN = /\d+|[A-Za-z]+|~|\^/g;

/** How a token sorts: tilde before the end, the end before a caret, letters before numbers. */
const rank = (token: string | undefined): number => {
  if (token === '~') return 0;
  if (token === undefined) return 1;
  if (token === '^') return 2;
  return /^\d/.test(token) ? 4 : 3;
};

const number = (left: string, right: string): number => {
  const [a, b] = [BigInt(left), BigInt(right)];
  return a === b ? 0 : a < b ? -1 : 1;
};

const word = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1);

const segments = (left: string | undefined, right: string | undefined): number => {
  const byRank = rank(left) - rank(right);
  if (byRank !== 0 || left === undefined || right === undefined) return byRank;
  return rank(left) === 4 ? number(left, right) : word(left, right);
};

/** Compares two versions, or two releases, as RPM does. */
export const compareParts = (left: string, right: string): number => {
  const [a, b] = [left.match(TOKEN) ?? [], right.match(TOKEN) ?? []];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = segments(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
};

export const compareEvr = (left: Evr, right: Evr): number =>
  (left.epoch ?? 0) - (right.epoch ?? 0) ||
  compareParts(left.version, right.version) ||
  compareParts(left.release, right.release);

/** Splits `name-version-release`; undefined when it has not three parts. */
export const splitNvr = (
  nvr: string,
): { readonly name: string; readonly version: string; readonly release: string } | undefined => {
  const [, name, version, release] = /^(.+)-([^-]+)-([^-]+)$/.exec(nvr) ?? [];
  if (name === undefined || version === undefined || release === undefined) return undefined;
  return { name, version, release };
};
