import * as E from 'fp-ts/lib/Either.js';
import type { UpdateReading } from '../../../domain/trigger/reading.ts';
import type { SetAside } from '../../set-aside.ts';
import { setAside } from '../../set-aside.ts';
import { readAs } from '../fields.ts';
import type { Topic } from '../topic.ts';
import { releaseBranch } from './release-branch.ts';
import type { Update } from './wire.ts';
import { BodhiUpdate } from './wire.ts';

/** More than these do not go into one event: Bodhi is asked for them. */
const mostBuilds = 500;

/** The kinds of builds whose RPMs images hold. */
const holdsRpms = (type: string): boolean => type !== 'container' && type !== 'flatpak';

const read = ({ update }: { readonly update: Update }): E.Either<SetAside, UpdateReading> => {
  const { alias, updateid, release, content_type: kind } = update;
  const name = alias ?? updateid ?? '';
  const builds = (update.builds ?? []).map(({ nvr, type }) => {
    return { nvr, type: type ?? kind ?? 'rpm' };
  });
  const types = builds.length === 0 ? [kind ?? 'rpm'] : builds.map(({ type }) => type);
  if (!types.some(holdsRpms)) {
    const what = [...new Set(types)].join(' and ');
    return E.left(setAside('other-artifact', `${name} ships ${what} builds, which hold no update`));
  }
  return E.right({
    kind: 'BodhiUpdateCompleteStableEvent',
    id: `bodhi:${name}`,
    searchKey: updateid ?? name,
    via: 'bodhi',
    branch: releaseBranch(release.name, release.branch),
    builds: builds.length > mostBuilds ? [] : builds,
  });
};

/** An update was pushed stable. Source: reference, bodhi; never sent for Rawhide. */
export const bodhiUpdateCompleteStable: Topic = {
  patterns: ['bodhi.update.complete.stable'],
  translate: readAs(BodhiUpdate, read),
};
