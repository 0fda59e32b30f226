import { compareEvr } from '../../domain/rpm/evr.ts';
import type { Held, HeldRpm } from './row.ts';

const evrOf = ([versionRelease, epoch]: Held) => {
  const dash = versionRelease.lastIndexOf('-');
  const [version, release] = [versionRelease.slice(0, dash), versionRelease.slice(dash + 1)];
  return { epoch, version, release };
};

const order = (one: Held, two: Held): number =>
  one[0] === two[0] && one[1] === two[1] ? 0 : compareEvr(evrOf(one), evrOf(two));

/** The lower version; of equal ones that of the earlier build, so that any order gives the same. */
export const lower = (one: Held, two: Held): Held => {
  const compared = order(two, one) || two[2] - one[2] || (two[0] < one[0] ? -1 : 0);
  return compared < 0 ? two : one;
};

/** What the earlier build held, the lower version where it is one build. */
const earlier = (one: Held, two: Held): Held => {
  if (one[2] === two[2]) return lower(one, two);
  return one[2] < two[2] ? one : two;
};

const later = (one: Held, two: Held): Held => {
  if (one[2] === two[2]) return lower(one, two);
  return one[2] > two[2] ? one : two;
};

/** What is known of one RPM of an image from two sides, in whichever order they came to be known. */
export const together = (one: HeldRpm, two: HeldRpm): HeldRpm => {
  const last = later(one[3], two[3]);
  const source = last === one[3] ? one[0] : two[0];
  return [source, lower(one[1], two[1]), earlier(one[2], two[2]), last];
};
