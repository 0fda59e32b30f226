import * as t from 'io-ts';
import { Count } from '../codec.ts';

/** A row of ours became ready after its build had been given up: somebody resumed it, or it came late. */
export const LateReadyObserved = t.strict(
  { type: t.literal('LateReadyObserved'), build: Count, externalId: Count, commit: t.string },
  'LateReadyObserved',
);

/**
 * Every row of a build that had failed is ready after all, or the image it was to become is there:
 * it counts as a success from here on.
 */
export const BuildRevived = t.exact(
  t.intersection([
    t.type({ type: t.literal('BuildRevived'), build: Count, at: t.string }),
    /** Of an image: what was built. */
    t.partial({ nvr: t.string }),
  ]),
  'BuildRevived',
);
