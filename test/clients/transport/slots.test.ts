import test from 'ava';
import { slots } from '../../../clients/transport/slots.ts';

const never = new Promise<void>(() => undefined);

test('who gives up waiting for a turn never runs, and does not keep the turn', async (t) => {
  const one = slots(1);
  const running = { end: (): void => undefined };
  const first = one.use(
    () => new Promise<string>((resolve) => (running.end = () => resolve('first'))),
  );
  const patience = new AbortController();
  const second = one.use(() => Promise.resolve(t.fail('it ran')), patience.signal);
  const third = one.use(() => Promise.resolve('third'));
  patience.abort();
  t.is(await second, undefined);
  running.end();
  t.is(await first, 'first');
  t.is(await third, 'third');
});

test('a turn asked for after giving up is not waited for', async (t) => {
  const one = slots(1);
  t.is(await one.use(() => Promise.resolve('ran'), AbortSignal.abort()), undefined);
});

test('a turn that ends in an error is free again', async (t) => {
  const one = slots(1);
  await t.throwsAsync(one.use(() => Promise.reject(new Error('broke'))));
  t.is(await one.use(() => Promise.resolve('next')), 'next');
});

test('there is always one turn at least', async (t) => {
  const none = slots(0);
  t.is(await none.use(() => Promise.resolve('ran')), 'ran');
  void none.use(() => never);
  const patience = new AbortController();
  const second = none.use(() => Promise.resolve('second'), patience.signal);
  patience.abort();
  t.is(await second, undefined);
});
