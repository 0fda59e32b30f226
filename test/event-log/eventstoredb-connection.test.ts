import * as E from 'fp-ts/lib/Either.js';
import test from 'ava';
import { appendSurely } from '../../event-log/append-surely.ts';
import { seal } from '../../event-log/seal.ts';
import { count, scene } from './a-scene.ts';
import { anEvent, begun, left, right } from './an-event.ts';

test.serial(
  'large appends stuck in a connection that stalls and breaks are each written once',
  async (t) => {
    const { standIn, log } = await scene(t);
    const streams = Array.from({ length: 60 }, (_, index) => `large-${index}`);
    await right(log.append('small-1', 'no-stream', begun('small-1')));
    standIn.front.hold();
    const data = { a: 'x'.repeat(250_000) };
    const outcomes = Promise.all(
      streams.map((stream) =>
        appendSurely(log, stream, 'no-stream', seal(stream, undefined, [anEvent({ data })]))(),
      ),
    );
    setTimeout(standIn.front.cut, 300);
    t.true((await outcomes).every(E.isRight));
    t.deepEqual(
      streams.map((stream) => count(standIn, stream)),
      streams.map(() => 1),
    );
  },
);

test.serial('a server that does not say again what it supports is asked anew', async (t) => {
  const { standIn, log } = await scene(t, { appendPatience: 200 });
  const events = begun('a-1');
  standIn.muteFeatures(2);
  standIn.front.cut();
  t.is((await left(log.append('a-1', 'no-stream', events))).code, 'outcome-unknown');
  t.is((await right(appendSurely(log, 'a-1', 'no-stream', events))).revision, 0);
  t.is(count(standIn, 'a-1'), 1);
});
