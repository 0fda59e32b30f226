import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { ImageContents, ImageRpm } from '../../domain/image/events.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import { appendEvents, decodeRecorded } from '../../event-log/carry-out.ts';
import type { Hand } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { contentsInParts, recordImageContents } from '../../sagas/record-image-contents.ts';
import { aLog, eventsOf } from '../support/ingest-world.ts';
import { must } from '../support/service.ts';

const context = { correlationId: 'm1' };
const handOn = (log: EventLog): Hand => ({
  ...{ log, newId: randomUUID, now: () => '2026-03-01T10:00:00.000Z' },
  ...{ actor: 'test', codeVersion: '0.0.0' },
});

const rpms = (count: number, letters = 6): ReadonlyArray<ImageRpm> =>
  Array.from({ length: count }, (_, i) => ({
    ...{ nvr: `${'p'.repeat(letters)}${i}-1.0-1.fc28`, epoch: i % 7 === 0 ? 1 : null },
    source: `p${i}`,
  }));
const anImage = (held: ReadonlyArray<ImageRpm>): ImageContents => ({
  ...{ buildId: 77, nvr: 'httpd-2.4-1.f28', component: 'httpd', namespace: 'container' },
  ...{ name: 'httpd', branch: 'f28', target: 'f28-container-candidate', commit: null },
  ...{ parent: { nvr: 'base-28-1', buildId: 70 }, arches: ['x86_64'], taskId: 5 },
  ...{ completedAt: null, rpms: held },
});
const stream = imageContentsStream('httpd-2.4-1.f28');
const heard = { type: 'ImageBuildHeard', buildId: 77, nvr: 'httpd-2.4-1.f28' } as const;

const onRecord = async (log: EventLog) =>
  (await eventsOf(log, stream)).map((recorded) => must(decodeRecorded(recorded)));
const heldOnRecord = async (log: EventLog) =>
  (await onRecord(log)).flatMap((event) => (event.type === 'ImageContentsPart' ? event.rpms : []));

const aHand = async (t: ExecutionContext) => handOn(await aLog(t));

test('what an image holds is recorded whole, in parts of at most 1,500 RPMs', async (t) => {
  const hand = await aHand(t);
  const contents = anImage(rpms(3001));
  t.is(must(await recordImageContents(hand, context, contents)), 'recorded');
  t.deepEqual(await heldOnRecord(hand.log), contents.rpms);
  const closing = (await onRecord(hand.log)).at(-1);
  t.deepEqual(
    { ...closing, rpms: contents.rpms },
    {
      ...{ type: 'ImageContentsRecorded', parts: 3 },
      ...contents,
    },
  );
});

test('no part is larger than an event may be, however long the names are', async (t) => {
  const hand = await aHand(t);
  const contents = anImage(rpms(2000, 220));
  t.is(must(await recordImageContents(hand, context, contents)), 'recorded');
  t.deepEqual(await heldOnRecord(hand.log), contents.rpms);
});

test('an image that holds no RPM is recorded as such', (t) => {
  const [only, ...others] = contentsInParts(anImage([]));
  t.like(only, { type: 'ImageContentsRecorded', parts: 0 });
  t.deepEqual(others, []);
});

test('what is known is not written down a second time', async (t) => {
  const hand = await aHand(t);
  must(await recordImageContents(hand, context, anImage(rpms(3))));
  t.is(must(await recordImageContents(hand, context, anImage(rpms(3)))), 'known');
  t.is((await eventsOf(hand.log, stream)).length, 2);
});

test('contents follow after a build that was merely heard of', async (t) => {
  const hand = await aHand(t);
  must(await appendEvents(hand)(stream, undefined, context, [heard]));
  t.is(must(await recordImageContents(hand, context, anImage(rpms(2)))), 'recorded');
  t.deepEqual(
    (await onRecord(hand.log)).map(({ type }) => type),
    ['ImageBuildHeard', 'ImageContentsPart', 'ImageContentsRecorded'],
  );
});

test('who is told of a build while recording it records it once', async (t) => {
  const hand = await aHand(t);
  const { log } = hand;
  let told = 0;
  const meanwhile: EventLog = {
    ...log,
    append: (to, expected, events) =>
      TE.chainW(() => log.append(to, expected, events))(async () => {
        told += 1;
        const other =
          told === 1
            ? await appendEvents(hand)(stream, undefined, context, [heard])
            : await recordImageContents(hand, context, anImage(rpms(2)));
        return TE.right(other)();
      }),
  };
  const first = await recordImageContents(handOn(meanwhile), context, anImage(rpms(2)));
  t.is(must(first), 'known');
  t.is(told, 2);
  t.is((await eventsOf(log, stream)).length, 3);
});
