import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { ImageEvent } from '../../../domain/image/events.ts';
import { image, isToAsk } from '../../../domain/image/image.ts';
import type { ImageCommand } from '../../../domain/image/image.ts';

const nvr = 'oak-1-1';
const hear: ImageCommand = { type: 'Hear', buildId: 5, nvr };
const dismiss: ImageCommand = { type: 'Dismiss', nvr, code: 'not-an-image', reason: 'an RPM' };
const heard: ImageEvent = { type: 'ImageBuildHeard', buildId: 5, nvr };
const recorded: ImageEvent = {
  ...{ type: 'ImageContentsRecorded', buildId: 5, nvr, component: 'oak', namespace: 'container' },
  ...{ name: 'oak', branch: 'f28', target: null, commit: null, parent: null, arches: [] },
  ...{ parts: 0, taskId: null, completedAt: null },
};
const dismissed: ImageEvent = {
  ...{ type: 'ImageBuildDismissed', nvr, code: 'not-an-image', reason: 'an RPM' },
};

const after = (...events: ReadonlyArray<ImageEvent>) => events.reduce(image.evolve, image.initial);
const said = (command: ImageCommand, ...events: ReadonlyArray<ImageEvent>) =>
  image.decide(command, after(...events));

test('a build heard of for the first time is to be asked for', (t) => {
  t.deepEqual(said(hear), E.right([heard]));
  t.true(isToAsk(after(heard)));
  t.false(isToAsk(after()));
});

test('a build that is on record or dismissed is not heard of again', (t) => {
  for (const events of [[heard], [recorded], [heard, recorded], [heard, dismissed]]) {
    t.deepEqual(said(hear, ...events), E.right([]));
  }
});

test('nobody asks for a build that is on record or dismissed', (t) => {
  t.false(isToAsk(after(heard, recorded)));
  t.false(isToAsk(after(heard, dismissed)));
});

test('a build is dismissed once, and never when its contents are on record', (t) => {
  t.deepEqual(said(dismiss, heard), E.right([dismissed]));
  t.deepEqual(said(dismiss, heard, dismissed), E.right([]));
  t.deepEqual(said(dismiss, heard, recorded), E.right([]));
});
