import * as t from 'io-ts';
import { maybe, Name } from '../fields.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

const common = {
  builds: t.readonlyArray(t.type({ nvr: Name }, 'build'), 'builds'),
  release: t.type({ name: Name }, 'release'),
};

/** Bodhi 3 and older tells `updateid` (and an alias that may differ); Bodhi 4 requires `alias`. */
const BodhiUpdate = t.type(
  {
    update: t.union(
      [
        t.type({ ...common, alias: Name, updateid: maybe(Name) }, 'update with alias'),
        t.type({ ...common, alias: maybe(Name), updateid: Name }, 'update with updateid'),
      ],
      'update with alias or updateid, builds and release',
    ),
  },
  'bodhi.update.complete.stable',
);

/** An update was pushed stable. Source: reference, bodhi; never sent for Rawhide. */
export const bodhiUpdateCompleteStable: Topic = {
  patterns: ['bodhi.update.complete.stable'],
  translate: noFlowYet(BodhiUpdate, 'BodhiUpdateCompleteStableEvent'),
};
