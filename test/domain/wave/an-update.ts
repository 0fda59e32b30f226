import type { TriggerReading } from '../../../domain/trigger/reading.ts';
import type { Noticed, TriggerState } from '../../../domain/trigger/trigger.ts';
import type { ChildImage, Held, HeldImage, UpdatedRpm } from '../../../domain/wave/lookups.ts';
import { noticedOf } from '../trigger/a-trigger.ts';

const update: TriggerReading = {
  ...{ kind: 'BodhiUpdateCompleteStableEvent', id: 'bodhi:FEDORA-1', searchKey: 'FEDORA-1' },
  ...{ via: 'bodhi', branch: 'f28', builds: [{ nvr: 'openssl-1.1.0-4.fc28', type: 'rpm' }] },
};
export const shipped: Noticed = noticedOf(update);
export const signed: Noticed = noticedOf({
  ...{ kind: 'BrewSignRPMEvent', id: 'signed:openssl-1.1.0-4.fc28', branch: 'f28', via: 'tag' },
  ...{ searchKey: 'openssl-1.1.0-4.fc28', nvr: 'openssl-1.1.0-4.fc28' },
});
export const pushed: Noticed = noticedOf({
  ...{ kind: 'GitDockerfileChangeEvent', id: 'git:container/httpd@f28@abc', searchKey: 'httpd' },
  ...{ repo: 'httpd', branch: 'f28', rev: 'abc', oldRev: null, publisher: 'git.receive' },
  ...{ filesKnown: true, namespace: 'container' },
});

export const libs = (evr = '1.1.0-4.fc28'): UpdatedRpm => ({
  ...{ by: 'rpm', name: 'openssl-libs', evr, build: 'openssl-1.1.0-4.fc28' },
});

/** What an image held of openssl-libs: `lowest`, then `last`; gone where `now` is false. */
export const held = (last: string, { lowest = last, now = true } = {}): Held => ({
  ...{ asked: 'openssl-libs', rpm: 'openssl-libs', lowest, last, now },
  ...{ lowestIn: 'first-1-1', lastIn: 'last-1-2' },
});

/** `httpd:f28`, with what it held; its newest build is `httpd-1-3`. */
export const image = (key: string, ...all: ReadonlyArray<Held>): HeldImage => ({
  ...{ artifact: `image:${key}`, nvr: `${key.split(':')[0] ?? ''}-1-3`, arches: ['x86_64'] },
  held: all,
});

/** `b:f28<a:f28` reads: b is built on a. */
export const children = (...lines: ReadonlyArray<string>): ReadonlyArray<ChildImage> =>
  lines.map((line) => {
    const [child = '', on = ''] = line.split('<').map((key) => `image:${key}`);
    return { on, child, nvr: `${child}-1-1`, arches: ['s390x'] };
  });

type Found = {
  readonly branch?: string | null;
  readonly rpms?: ReadonlyArray<UpdatedRpm>;
  readonly images?: ReadonlyArray<HeldImage>;
  readonly children?: ReadonlyArray<ChildImage>;
  readonly keys?: ReadonlyArray<string>;
};

/** The look-ups of an update as they are recorded. */
export const lookups = (found: Found): TriggerState['lookups'] => {
  const { branch = 'f28', rpms = [libs()], images = [], children: below = [], keys } = found;
  const nvr = 'openssl-1.1.0-4.fc28';
  return {
    release: { branch, unknown: null },
    ...{ builds: 1, 'builds/0': [{ nvr, type: 'rpm' }] },
    ...{ rpms: 1, 'rpms/0': rpms, skipped: 0 },
    ...{ images: 1, 'images/0': images },
    ...{ children: 1, 'children/0': below },
    ...(keys === undefined
      ? {}
      : { signatures: 1, 'signatures/0': [{ nvr, rpms: 4, unsigned: 0, keys }] }),
  };
};
