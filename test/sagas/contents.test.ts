import test from 'ava';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Koji } from '../../clients/koji/port.ts';
import { imageContentsStream } from '../../domain/stream-names.ts';
import { appendEvents } from '../../event-log/carry-out.ts';
import { carryContents } from '../../sagas/contents/carry-contents.ts';
import type { ContentsDeps } from '../../sagas/contents/carry-contents.ts';
import { aHandOn } from '../support/a-hand.ts';
import { aKoji, kojiOf } from '../support/a-koji.ts';
import { aLog, eventsOf } from '../support/ingest-world.ts';
import { must } from '../support/service.ts';

const lines = ['image httpd:f28 holds openssl-libs=openssl,bash', 'package openssl 1:1.1.0f'];

type Changes = Partial<Pick<ContentsDeps, 'noteLateImage'>>;

/** A log of the test's own, and the saga on it that asks this Koji. */
const aSaga = async (t: ExecutionContext, koji: Koji, changes: Changes = {}) => {
  const log = await aLog(t);
  const hand = aHandOn(log);
  const noteLateImage = () => Promise.resolve(E.right('nothing'));
  const act = carryContents({ hand, koji, noteLateImage, ...changes });
  const hear = async (build: { readonly id: number; readonly nvr: string }) => {
    const { id: buildId, nvr } = build;
    const context = { correlationId: 'm1' };
    const heard = { type: 'ImageBuildHeard', buildId, nvr } as const;
    must(await appendEvents(hand)(imageContentsStream(nvr), undefined, context, [heard]));
    return imageContentsStream(nvr);
  };
  return { act, hear, events: (stream: string) => eventsOf(log, stream) };
};

test('what an image holds that was heard of is recorded once, with its message', async (t) => {
  const { koji } = await aKoji(t, ...lines);
  const { act, hear, events } = await aSaga(t, koji);
  const [build] = must(await koji.imageBuilds(0, 10)()).builds;
  const stream = await hear(build ?? { id: 0, nvr: '' });
  t.deepEqual(await act(stream), E.right({ after: null }));
  t.deepEqual(await act(stream), E.right({ after: null }));
  const recorded = await events(stream);
  t.deepEqual(
    recorded.map(({ type }) => type),
    ['ImageBuildHeard', 'ImageContentsPart', 'ImageContentsRecorded'],
  );
  t.like(recorded.at(-1)?.data, { name: 'httpd', branch: 'f28', parts: 1 });
  const rpms = recorded[1]?.data['rpms'] as ReadonlyArray<{ readonly source: string }>;
  t.deepEqual([...new Set(rpms.map(({ source }) => source))].sort(), ['bash', 'openssl']);
  t.is(recorded.at(-1)?.metadata.correlationId, 'm1');
  t.is(recorded.at(-1)?.metadata.causationId, recorded[0]?.id);
});

test('a build that is no image is dismissed with what Koji says, and so is one Koji does not know', async (t) => {
  const { koji } = await aKoji(t, ...lines);
  const { act, hear, events } = await aSaga(t, koji);
  const found = must(await koji.build('openssl-1.1.0f-1.fc28')());
  for (const [build, code] of [
    [found, 'not-an-image'],
    [{ id: 999_999, nvr: 'gone-1-1' }, 'missing'],
  ] as const) {
    const stream = await hear(build);
    t.deepEqual(await act(stream), E.right({ after: null }));
    t.like((await events(stream)).at(-1), { type: 'ImageBuildDismissed', data: { code } });
  }
});

test('while Koji is away nothing is said of a build, and it is asked for again', async (t) => {
  const { koji } = await aKoji(t, ...lines);
  const away = kojiOf({ kojiUrl: 'http://127.0.0.1:9/kojihub' });
  const { act, hear, events } = await aSaga(t, away);
  const [build] = must(await koji.imageBuilds(0, 1)()).builds;
  const stream = await hear(build ?? { id: 0, nvr: '' });
  const left = await act(stream);
  t.true(E.isLeft(left) && left.left.code === 'koji-unavailable');
  t.is((await events(stream)).length, 1);
});

test('contents are not on record before the image they may be of has heard of them', async (t) => {
  const { koji } = await aKoji(t, ...lines);
  const told: Array<string> = [];
  let isDown = true;
  const { act, hear, events } = await aSaga(t, koji, {
    noteLateImage: ({ nvr }) => {
      told.push(nvr);
      return Promise.resolve(isDown ? E.left({ code: 'unavailable' }) : E.right('revived'));
    },
  });
  const [build] = must(await koji.imageBuilds(0, 1)()).builds;
  const stream = await hear(build ?? { id: 0, nvr: '' });
  t.deepEqual(await act(stream), E.left({ code: 'unavailable' }));
  t.is((await events(stream)).length, 1);
  isDown = false;
  t.true(E.isRight(await act(stream)));
  t.is((await events(stream)).at(-1)?.type, 'ImageContentsRecorded');
  t.deepEqual(told, [build?.nvr, build?.nvr]);
});

test('a build that was heard of under a name that is not its own is on record under its own', async (t) => {
  const { koji } = await aKoji(t, ...lines);
  const { act, hear, events } = await aSaga(t, koji);
  const [build] = must(await koji.imageBuilds(0, 1)()).builds;
  const { id, nvr } = build ?? { id: 0, nvr: '' };
  const stream = await hear({ id, nvr: 'httpd-3.1-1' });
  t.deepEqual(await act(stream), E.right({ after: null }));
  t.like((await events(stream)).at(-1)?.data, { code: 'other-name' });
  t.is((await events(imageContentsStream(nvr))).at(-1)?.type, 'ImageContentsRecorded');
});
