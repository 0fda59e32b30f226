import * as t from 'io-ts';
import { Count } from '../codec.ts';

/**
 * An integer id of the REST API was given to `of` (a stream). The number is this event's revision
 * plus the stream's base plus 1; gaps may be, repeats never.
 */
export const NumberAssigned = t.exact(
  t.intersection([
    t.type({ type: t.literal('NumberAssigned'), of: t.string }),
    t.partial({ base: Count }),
  ]),
  'NumberAssigned',
);
