import type { WantedCompose } from '../compose/events.ts';
import type { Decision } from '../trigger/decision.ts';
import type { TriggerState } from '../trigger/trigger.ts';
import { buildsOf, childImagesOf, imagesOf, rpmsOf } from './lookups.ts';
import { sigkeysOf } from './wave-of.ts';

const inOrder = (values: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(values)].sort();

/**
 * What a repository for a wave has to offer: the signed builds, with all of their packages (one that
 * an image holds may require another), for all arches of the images. What was put off counts: a wave has one repository.
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
  return {
    builds: inOrder(buildsOf(lookups).map(({ nvr }) => nvr)),
    packages: inOrder(rpmsOf(lookups).map(({ name }) => name)),
    sigkeys: sigkeysOf(lookups),
    arches: inOrder([...images, ...children].flatMap(({ arches }) => arches)),
    secondsToLive,
  };
};
