import test from 'ava';
import type { ArtifactEvent } from '../../domain/artifact/events.ts';
import { buildsProjector } from '../../projectors/builds/project.ts';
import type { BuildRow } from '../../projectors/builds/row.ts';
import { imagesProjector } from '../../projectors/images/project.ts';
import { contents, imagePrepared, openssl, recorded, rpm } from './image-stories.ts';
import { planned, taken } from './stories.ts';
import { bodiesAfter, inStream } from './told.ts';

const artifact = 'image:httpd:f28';
const first = planned(1, { artifact, name: 'httpd', branch: 'f28' });
const rowAfter = (...events: ReadonlyArray<ArtifactEvent>): BuildRow =>
  bodiesAfter(buildsProjector, [first, ...events].map(inStream(`artifact-${artifact}`)))[
    '1'
  ] as BuildRow;

const fulfilled = (parent: string, parentName: string, parentBuild: number): ArtifactEvent => ({
  ...{ type: 'WaitFulfilled', build: 1, trigger: 't7', parent, parentName, parentBuild },
});

test('a build of an image is of type IMAGE and tells what Koji is asked for', (t) => {
  const composes = [{ trigger: 't7', id: 4242, repofile: null }];
  t.like(rowAfter(taken(7), imagePrepared({ composes })), {
    ...{ type: 1, name: 'httpd', originalNvr: 'httpd-1-5', rebuiltNvr: 'httpd-1-5.17' },
    rebuildReason: 'directly_affected',
    odcsComposes: [4242],
    buildArgs: {
      ...{ repository: 'container/httpd', commit: 'abc', branch: 'f28' },
      ...{ target: 'f28-container-candidate', release: '5.17', arches: 'x86_64 s390x' },
      ...{ parent: 'base-1-2.16', original_parent: 'base-1-2', renewed_odcs_compose_ids: [] },
    },
  });
});

test('the build id of an image is the task, and its NVR the one that Koji gave', (t) => {
  const at = '2026-11-22T17:00:00Z';
  const row = rowAfter(
    imagePrepared(),
    { type: 'BuildSubmitted', build: 1, attempt: 1, externalIds: [26_974_100], found: false, at },
    { type: 'ImageBuilt', build: 1, attempt: 1, kojiBuildId: 5, nvr: 'httpd-1-6.17', at },
    { type: 'BuildSucceeded', build: 1, at },
  );
  t.like(row, { buildId: 26_974_100, rebuiltNvr: 'httpd-1-6.17', state: 1 });
  t.like(row.attempts[0], { nvr: 'httpd-1-6.17', outcome: 'succeeded' });
});

test('each attempt keeps its own release; the last one is what is asked for now', (t) => {
  const row = rowAfter(
    imagePrepared(),
    imagePrepared({ attempt: 2, release: '5.18', rebuiltNvr: 'httpd-1-5.18' }),
  );
  t.deepEqual(
    row.attempts.map(({ order, nvr }) => [order?.release, nvr]),
    [
      ['5.17', 'httpd-1-5.17'],
      ['5.18', 'httpd-1-5.18'],
    ],
  );
  t.like(row, { rebuiltNvr: 'httpd-1-5.18', buildArgs: { release: '5.18', attempt: 2 } });
});

test('a build that an earlier attempt made after all has the NVR of that attempt', (t) => {
  const at = '2026-11-22T17:00:00Z';
  const row = rowAfter(
    imagePrepared(),
    imagePrepared({ attempt: 2, release: '5.18', rebuiltNvr: 'httpd-1-5.18' }),
    { type: 'BuildFailed', build: 1, code: 'build-failed', reason: 'no', at },
    { type: 'BuildRevived', build: 1, at, nvr: 'httpd-1-5.17' },
  );
  t.like(row, { state: 1, rebuiltNvr: 'httpd-1-5.17' });
  t.deepEqual(
    row.attempts.map(({ outcome }) => outcome),
    ['succeeded', 'build-failed'],
  );
});

test('it depends on the build of its parent image, and never on a compose', (t) => {
  const parent = fulfilled('image:base:f28', 'base', 9);
  const compose = fulfilled('compose:t7', 'compose', 4242);
  t.like(rowAfter(taken(7), parent, compose), { depOn: 'base', depOnId: 9 });
  t.like(rowAfter(taken(7), compose), { depOn: null, depOnId: null });
});

const rowsOf = (...rpms: Parameters<typeof contents>[1]) =>
  bodiesAfter(imagesProjector, recorded(contents(5, rpms)))['httpd-1-5'];

test('an image build holds the RPMs of all its parts, by source package, with their epochs', (t) => {
  t.like(rowsOf(openssl('1-1'), rpm('bash-4-1', 'bash', 2), rpm('openssl-1-1', 'openssl')), {
    nvr: 'httpd-1-5',
    rpms: { openssl: ['openssl-libs-1-1', 'openssl-1-1'], bash: ['bash-2:4-1'] },
    facts: { artifact, buildId: 5, component: 'httpd' },
  });
});

test('an image build is not complete before its last event', (t) => {
  const told = recorded(contents(5, [openssl('1-1')])).slice(0, 1);
  t.like(bodiesAfter(imagesProjector, told)['httpd-1-5'], { facts: null });
});
