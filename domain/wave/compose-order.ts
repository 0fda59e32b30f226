import type { WantedCompose } from '../compose/events.ts';
import type { Decision } from '../trigger/decision.ts';
import type { TriggerState } from '../trigger/trigger.ts';
import { buildsOf, childImagesOf, imagesOf } from './lookups.ts';
import { sigkeysOf } from './wave-of.ts';

const inOrder = (values: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(values)].sort();

/**
 * What a repository for a wave has to offer: the signed builds, of them the packages that images of
 * the wave hold, for all of their arches. What was put off counts: a wave has one repository.
 */
export const orderOf = (
  decisions: ReadonlyArray<Decision>,
  lookups: TriggerState['lookups'],
  secondsToLive: number,
): WantedCompose => {
  const rebuilt = decisions.filter(({ verdict }) => verdict !== 'no');
  const members = new Set(rebuilt.map(({ artifact }) => artifact));
  const images = imagesOf(lookups).filter(({ artifact }) => members.has(artifact));
  const children = childImagesOf(lookups).filter(({ child }) => members.has(child));
  const held = images.flatMap((image) => image.held.filter(({ now }) => now));
  return {
    builds: inOrder(buildsOf(lookups).map(({ nvr }) => nvr)),
    packages: inOrder(held.map(({ rpm }) => rpm)),
    sigkeys: sigkeysOf(lookups),
    arches: inOrder([...images, ...children].flatMap(({ arches }) => arches)),
    secondsToLive,
  };
};
