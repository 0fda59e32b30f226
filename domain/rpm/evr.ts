import { rpmvercmp } from './vercmp.ts';

/** Epoch, version and release of an RPM; an epoch of null counts as 0. */
export type Evr = {
  readonly epoch: number | null;
  readonly version: string;
  readonly release: string;
};

/** Below 0 when `one` is older, 0 when they are equal, above 0 when it is newer, as RPM orders them. */
export const compareEvr = (one: Evr, two: Evr): number =>
  Math.sign((one.epoch ?? 0) - (two.epoch ?? 0)) ||
  rpmvercmp(one.version, two.version) ||
  rpmvercmp(one.release, two.release);

/** `1:1.1.0-3.fc28`, or without the epoch where there is none. */
export const evrText = ({ epoch, version, release }: Evr): string =>
  `${epoch === null ? '' : `${epoch}:`}${version}-${release}`;
