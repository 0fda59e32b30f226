import test from 'ava';
import type { ArtifactEvent } from '../../domain/artifact/events.ts';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { ComposeEvent } from '../../domain/compose/events.ts';
import { artifactStream, composeStream } from '../../domain/stream-names.ts';
import { composesProjector } from '../../projectors/composes/project.ts';
import type { ComposeRow } from '../../projectors/composes/row.ts';
import { bodiesAfter, inStream } from './told.ts';
import { imagePrepared } from './image-stories.ts';

const trigger = 'signed:openssl-1.1.1-1';
const stream = composeStream('real', trigger);
const at = '2026-11-22T16:40:00.123Z';
const order = { builds: ['openssl-1.1.1-1'], packages: ['openssl-libs'], sigkeys: ['9db62fb1'] };
const wanted: ComposeEvent = {
  ...{ type: 'ComposeWanted', trigger, number: 7, messageId: 'm', at },
  order: { ...order, arches: ['x86_64'], secondsToLive: 60 },
};
const intended = (attempt: number, renews: number | null = null): ComposeEvent => ({
  ...{ type: 'ComposeIntended', attempt, renews, newestId: 3, owner: 'o', callTimeout: 1 },
});
const submitted = (attempt: number, composeId: number): ComposeEvent => ({
  ...{ type: 'ComposeSubmitted', attempt, composeId, found: false, repofile: 'r', at },
});
const ready = (composeId: number): ComposeEvent => ({
  ...{ type: 'ComposeReady', composeId, repofile: `r${composeId}`, at },
  expiresAt: '2026-11-23T16:40:00Z',
});
const used = (composeId: number): ArtifactEvent =>
  imagePrepared({
    build: 12,
    composes: [
      { trigger, id: composeId, repofile: null },
      { trigger: 'signed:bash-1-1', id: 99, repofile: null },
    ],
  });

const rowAfter = (...events: ReadonlyArray<DomainEvent>): ComposeRow => {
  const told = events.map((event) =>
    inStream('build' in event ? artifactStream('real', 'image:httpd:f28') : stream)(event),
  );
  return bodiesAfter(composesProjector, told)[stream] as ComposeRow;
};

test('a compose that is wanted tells what it is to be made of', (t) => {
  t.like(rowAfter(wanted), { ...order, state: 'wanted', eventId: 7, composeId: null, trigger });
});

test('a compose that is ready tells its id, its repo file and until when it lives', (t) => {
  const row = rowAfter(wanted, intended(1), submitted(1, 4), ready(4));
  t.like(row, { state: 'ready', composeId: 4, repofile: 'r4', expiresAt: '2026-11-23T16:40:00Z' });
  t.deepEqual(row.attempts, [
    { attempt: 1, renews: null, composeId: 4, outcome: 'ready', reason: null },
  ]);
});

test('one that expired and came back has both ids, and the new one counts', (t) => {
  const row = rowAfter(
    ...[wanted, intended(1), submitted(1, 4), ready(4)],
    { type: 'ComposeExpired', composeId: 4, reason: 'old', at },
    ...[intended(2), submitted(2, 5), ready(5)],
  );
  t.like(row, { state: 'ready', composeId: 5, repofile: 'r5', stateReason: null });
  t.deepEqual(
    row.composes.map(({ id }) => id),
    [4, 5],
  );
});

test('one that was renewed keeps its id and lives longer', (t) => {
  const row = rowAfter(wanted, intended(1), submitted(1, 4), ready(4), intended(2, 4), {
    ...{ type: 'ComposeRenewed', attempt: 2, composeId: 4, at },
    expiresAt: '2026-11-29T00:00:00Z',
  });
  t.like(row, { state: 'ready', composeId: 4, expiresAt: '2026-11-29T00:00:00Z' });
  t.like(row.attempts[1], { renews: 4, outcome: 'renewed' });
});

test('what ODCS says of a compose stands with it, and a failure with its attempt', (t) => {
  const row = rowAfter(
    ...[wanted, intended(1), submitted(1, 4)],
    {
      ...{ type: 'ComposeStateObserved', composeId: 4, state: 4, stateName: 'failed' },
      ...{ stateReason: 'no such build', via: 'poll' },
    },
    {
      ...{ type: 'ComposeFailed', attempt: 1, composeId: 4, code: 'compose-failed' },
      reason: 'no such build',
    },
    { type: 'ComposeGivenUp', code: 'compose-failed', reason: 'no such build', at },
  );
  t.like(row, { state: 'given-up', stateReason: 'compose-failed: no such build' });
  t.like(row.composes[0], { id: 4, state: 4, stateName: 'failed', stateReason: 'no such build' });
  t.like(row.attempts[0], { outcome: 'compose-failed', reason: 'no such build' });
});

test('one whose renewal failed is ready as before, and the attempt says what went wrong', (t) => {
  const row = rowAfter(wanted, intended(1), submitted(1, 4), ready(4), intended(2, 4), {
    ...{ type: 'ComposeFailed', attempt: 2, composeId: null, code: 'odcs-refused' },
    reason: 'no',
  });
  t.like(row, { state: 'ready', stateReason: null, composeId: 4 });
  t.like(row.attempts[1], { renews: 4, outcome: 'odcs-refused', reason: 'no' });
});

test('the builds that are made with it stand with it, each under the id it was given', (t) => {
  const row = rowAfter(wanted, intended(1), submitted(1, 4), ready(4), used(4));
  t.deepEqual(row.usedBy, [{ build: 12, attempt: 1, composeId: 4 }]);
});

test('a compose that nobody wanted has no row', (t) => {
  t.is(rowAfter(used(4)), undefined as unknown as ComposeRow);
});
