import type { ComposeRow } from '../../projectors/composes/row.ts';
import type { HeldRow, StreamRow } from '../../projectors/image-index/row.ts';
import { heldId, streamId } from '../../projectors/image-index/row.ts';
import type { ImageRow } from '../../projectors/images/row.ts';

/** An image of branch f28 whose newest build is `<name>-1-3`. */
export const aStream = (name: string, given: Partial<StreamRow['newest']> = {}): StreamRow => ({
  ...{ artifact: `image:${name}:f28`, name, branch: 'f28', namespace: 'container' },
  target: 'f28-container-candidate',
  newest: {
    ...{ nvr: `${name}-1-3`, buildId: 3, component: name, parentNvr: 'base-1-1' },
    ...{ arches: ['x86_64'], completedAt: '2026-11-22T16:55:12Z' },
    ...given,
  },
});

/** It held openssl-libs 1.1.0 in build 1 and 1.1.1 in build `until`. */
export const holding = (name: string, until: number): HeldRow => ({
  artifact: `image:${name}:f28`,
  newest: 3,
  images: { 1: `${name}-1-1`, [until]: `${name}-1-${until}` },
  rpms: {
    'openssl-libs': ['openssl', ['1.1.0-3', null, 1], ['1.1.0-3', null, 1], ['1.1.1-1', 1, until]],
  },
});

export const anImageBuild = (nvr: string): ImageRow => ({
  nvr,
  facts: {
    ...{ artifact: 'image:httpd:f28', name: 'httpd', branch: 'f28', namespace: 'container' },
    ...{ component: 'httpd', buildId: 3, taskId: null, target: null, commit: 'abc' },
    ...{ parent: { nvr: 'base-1-1', buildId: 1 }, arches: ['x86_64'], completedAt: null },
  },
  rpms: { openssl: ['openssl-libs-1:1.1.1-1'], bash: ['bash-4-1'] },
});

export const aCompose = (given: Partial<ComposeRow> = {}): ComposeRow => ({
  ...{ trigger: 'signed:openssl-1.1.1-1', eventId: 2, state: 'ready', stateReason: null },
  ...{ builds: ['openssl-1.1.1-1'], packages: ['openssl-libs'], sigkeys: [], arches: ['x86_64'] },
  ...{ composeId: 12, repofile: 'http://odcs/12.repo', expiresAt: '2026-11-23T16:40:00Z' },
  composes: [
    {
      ...{ id: 2, state: 3, stateName: 'removed', stateReason: null, repofile: null },
      expiresAt: null,
    },
    {
      ...{ id: 12, state: 2, stateName: 'done', stateReason: null },
      ...{ repofile: 'http://odcs/12.repo', expiresAt: '2026-11-23T16:40:00Z' },
    },
  ],
  attempts: [{ attempt: 1, renews: null, composeId: 2, outcome: 'ready', reason: null }],
  usedBy: [{ build: 2, attempt: 1, composeId: 12 }],
  wantedAt: '2026-11-22T16:40:00Z',
  ...given,
});

const stream = (name: string, given?: Partial<StreamRow['newest']>) => ({
  [streamId(`image:${name}:f28`)]: aStream(name, given),
});

/** httpd holds openssl-libs, php dropped it, base never held it. */
export const imageStock = {
  imageIndex: {
    ...stream('base', { parentNvr: null }),
    ...stream('httpd'),
    ...stream('php'),
    [heldId('image:httpd:f28', 1)]: holding('httpd', 3),
    [heldId('image:php:f28', 1)]: holding('php', 2),
  },
  images: { 'httpd-1-3': anImageBuild('httpd-1-3') },
  composes: { 'compose-signed:openssl-1.1.1-1': aCompose() },
};
