import * as t from 'io-ts';
import { maybe, Name } from '../fields.ts';

const Build = t.type({ nvr: Name, type: maybe(Name) }, 'build');

const common = {
  builds: maybe(t.readonlyArray(Build, 'builds')),
  release: t.type({ name: Name, branch: maybe(Name) }, 'release'),
  content_type: maybe(Name),
};

/** Bodhi 3 and older tells `updateid` (and an alias that may differ); Bodhi 4 requires `alias`. */
export const BodhiUpdate = t.type(
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
export type Update = t.TypeOf<typeof BodhiUpdate>['update'];
