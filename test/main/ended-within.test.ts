import test from 'ava';
import { endedWithin } from '../../main/backend/ended-within.ts';

test('what ends within the patience is told as ended', async (t) => {
  t.true(await endedWithin([Promise.resolve(), Promise.resolve()], 60_000));
});

test('what goes on beyond the patience is told as not ended', async (t) => {
  const forever = new Promise<never>(() => undefined);
  t.false(await endedWithin([Promise.resolve(), forever], 10));
});
