import * as E from 'fp-ts/lib/Either.js';
import type { Evr } from './evr.ts';
import { compareEvr } from './evr.ts';

/** Name, version and release; the epoch where it is written (`name-1:2.0-3`). */
export type Nvr = Evr & { readonly name: string };

export type NotAnNvr = { readonly code: 'not-an-nvr'; readonly reason: string };

const shape = /^(?<name>.+)-(?:(?<epoch>\d+):)?(?<version>[^-]+)-(?<release>[^-]+)$/u;

/** Takes `name-version-release` apart; only the name may hold dashes. */
export const parseNvr = (nvr: string): E.Either<NotAnNvr, Nvr> => {
  const { name, epoch, version, release } = shape.exec(nvr)?.groups ?? {};
  if (name === undefined || version === undefined || release === undefined) {
    const reason = `"${nvr}" is no name-version-release: bash-4.4.23-1.fc28 is one.`;
    return E.left({ code: 'not-an-nvr', reason });
  }
  return E.right({ name, version, release, epoch: epoch === undefined ? null : Number(epoch) });
};

/** Orders NVRs of one name, oldest first; of different names by name; what is no NVR comes first. */
export const compareNvrs = (one: string, two: string): number => {
  const [a, b] = [parseNvr(one), parseNvr(two)];
  if (E.isLeft(a) || E.isLeft(b)) return Number(E.isRight(a)) - Number(E.isRight(b));
  if (a.right.name !== b.right.name) return a.right.name < b.right.name ? -1 : 1;
  return compareEvr(a.right, b.right);
};

/** True for an RPM that was built in a module: its release says so (`1.module_f28+12+ab`). */
export const isModular = (nvr: string): boolean => /\.module[_+]/u.test(nvr);

/**
 * The release of a rebuilt image: the original's up to its first dot, then the time in Unix seconds.
 * Source: the original's rebuilt NVRs (`6-14.11` becomes `6-14.1511360844`).
 */
export const rebuiltRelease = (original: string | null, unixSeconds: number, suffix = ''): string =>
  `${original?.split('.', 1)[0] ?? '1'}.${unixSeconds}${suffix}`;

/** The NVR a rebuild of this image is to have; left for what is no NVR. */
export const rebuiltNvr = (
  nvr: string,
  unixSeconds: number,
  suffix = '',
): E.Either<NotAnNvr, string> =>
  E.map(({ name, version, release }: Nvr) => {
    return `${name}-${version}-${rebuiltRelease(release, unixSeconds, suffix)}`;
  })(parseNvr(nvr));
