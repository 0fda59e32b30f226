import { bridgedMessage, nativeMessage, type BusMessage } from '../bus/bus.ts';
import type { Shipped, Update } from '../updates/update.ts';
import { bodhiRelease, releaseId, releaseName } from './releases.ts';

type Shown = Readonly<Record<string, unknown>>;

/** `2017-04-20 17:22:23`, UTC. */
const bodhiTime = (time: number | null): string | null =>
  time === null ? null : new Date(time).toISOString().slice(0, 19).replace('T', ' ');

const userOf = (name: string): Shown => ({
  ...{ id: 1, name, email: `${name}@sandbox.example`, avatar: null, openid: null },
  groups: [{ name: 'packager' }],
});

const plainBuild = (update: Update, { nvr, epoch }: Shipped): Shown => ({
  ...{ nvr, epoch: epoch ?? 0, signed: update.signed },
});

/** A build as Bodhi's API shows it. */
export const shownBuild = (update: Update, build: Shipped): Shown => ({
  ...plainBuild(update, build),
  type: build.type,
  release_id: releaseId(update.release, update.content),
});

export const statusOf = (update: Update): string => {
  if (update.stable !== null) return 'stable';
  return update.testing === null ? 'pending' : 'testing';
};

const requestOf = (update: Update): string | null => {
  if (update.stable !== null) return null;
  return update.testing === null ? 'testing' : 'stable';
};

const titleOf = ({ shipped }: Update): string => shipped.map(({ nvr }) => nvr).join(' ');

/** An update as Bodhi's API shows it. */
export const shownUpdate = (update: Update): Shown => {
  const { alias, release, content, kind, severity, user, shipped } = update;
  return {
    ...{ alias, updateid: alias, title: titleOf(update), display_name: '', notes: 'Invented.' },
    builds: shipped.map((build) => shownBuild(update, build)),
    release: bodhiRelease(release, content),
    ...{ status: statusOf(update), request: requestOf(update), type: kind, severity },
    ...{ content_type: content, user: userOf(user), submitter: user, suggest: 'unspecified' },
    ...{ bugs: [], comments: [], test_cases: [], karma: 0, stable_karma: 3, unstable_karma: -3 },
    ...{ autokarma: true, autotime: true, stable_days: 7, close_bugs: true, critpath: false },
    ...{ require_bugs: false, require_testcases: false, requirements: '', locked: false },
    ...{ pushed: update.testing !== null, from_tag: null, compose: null, date_modified: null },
    date_submitted: bodhiTime(update.submitted),
    date_testing: bodhiTime(update.testing),
    date_stable: bodhiTime(update.stable),
    date_pushed: bodhiTime(update.stable ?? update.testing),
    ...{ meets_testing_requirements: true, test_gating_status: null },
    url: `https://bodhi.fedoraproject.org/updates/${alias ?? ''}`,
  };
};

const olderUpdate = (update: Update): Shown => ({
  ...shownUpdate(update),
  old_updateid: null,
  builds: update.shipped.map((build) =>
    build.type === 'rpm' ? plainBuild(update, build) : { ...shownBuild(update, build) },
  ),
});

/** What Bodhi's schema asks for since version 4, and nothing else. */
const leastUpdate = (update: Update): Shown => ({
  alias: update.alias,
  builds: update.shipped.map(({ nvr, type }) => (type === 'rpm' ? { nvr } : { nvr, type })),
  release: { name: releaseName(update.release, update.content) },
  ...{ request: requestOf(update), status: statusOf(update), user: { name: update.user } },
});

/** `bodhi.update.<topic>`: bridged and with the whole update in the old form, native and scant in the new. */
export const updateMessage = (update: Update, topic: string): BusMessage => {
  const name = `bodhi.update.${topic}`;
  if (update.form === 'old') {
    return bridgedMessage(name, { update: olderUpdate(update), agent: 'releng' });
  }
  return nativeMessage(name, `${name}.v1`, { update: leastUpdate(update), agent: 'releng' });
};
