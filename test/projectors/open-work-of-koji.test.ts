import test from 'ava';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { openWork } from '../../projectors/open-work/project.ts';
import { bodiesAfter, inStream } from './told.ts';

const image = inStream('image-oak-1-1');
const heard: DomainEvent = { type: 'ImageBuildHeard', buildId: 5, nvr: 'oak-1-1' };
const part: DomainEvent = {
  ...{ type: 'ImageContentsPart', buildId: 5, nvr: 'oak-1-1', name: 'oak', branch: 'f28' },
  ...{ part: 0, rpms: [] },
};
const recorded: DomainEvent = {
  ...{ type: 'ImageContentsRecorded', buildId: 5, nvr: 'oak-1-1', component: 'oak' },
  ...{ namespace: 'container', name: 'oak', branch: 'f28', target: null, commit: null },
  ...{ parent: null, arches: [], parts: 1, taskId: null, completedAt: null },
};
const dismissed: DomainEvent = {
  ...{ type: 'ImageBuildDismissed', nvr: 'oak-1-1', code: 'missing', reason: 'gone' },
};

const signing = inStream('signing-5');
const signature: DomainEvent = {
  ...{ type: 'SignatureHeard', buildId: 5, messageId: 'm1', messageStream: 'message-m1' },
  ...{ sentAt: '2026-03-01T10:00:00.000Z', notBefore: '2026-03-01T10:00:03.000Z' },
};
const checked: DomainEvent = {
  ...{ type: 'SignaturesChecked', buildId: 5, nvr: 'oak-1-1', rpms: 2, unsigned: 1 },
  ...{ allSigned: false, reason: null },
};

const dues = (...history: Parameters<typeof bodiesAfter>[1]) =>
  Object.values(bodiesAfter(openWork, history)).map(({ saga, due }) => [saga, due]);

test('a build heard of has work at once, until it is on record or dismissed', (t) => {
  const [[saga, due] = []] = dues(image(heard));
  t.is(saga, 'contents');
  t.regex(typeof due === 'string' ? due : '', /^\d{4}-.*Z$/u);
  t.deepEqual(dues(image(heard), image(part), image(recorded)), []);
  t.deepEqual(dues(image(heard), image(dismissed)), []);
});

test('an image that a backfill recorded makes no row', (t) => {
  t.deepEqual(dues(image(part), image(recorded)), []);
});

test('a build with a new signature has work when the burst is over, until Koji was asked', (t) => {
  t.deepEqual(dues(signing(signature)), [['signing', '2026-03-01T10:00:03.000Z']]);
  t.deepEqual(dues(signing(signature), signing(checked)), []);
  t.is(dues(signing(signature), signing(checked), signing(signature)).length, 1);
});
