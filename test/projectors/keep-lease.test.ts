import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { keepLease } from '../../projectors/keep-lease.ts';
import { pageSizeUpTo } from '../../projectors/page-size.ts';
import { at, fruits, must } from './read-models-suite.ts';

const lease = 1500;

test('a writer that reads for longer than its lease keeps it, and not after its end', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'freshmaker-lease-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const models = await must(openEmbeddedReadModels({ file: join(folder, 'rows.db'), lease }));
  t.teardown(() => models.close());
  const taken = await must(models.writer(fruits, 'one'));
  const { writer, stop } = keepLease(taken!);
  const until = performance.now() + 3 * lease;
  while (performance.now() < until) {
    t.is(await must(models.writer(fruits, 'two')), undefined);
    await pause(100);
  }
  await must(writer.commit([], at(1)));
  t.deepEqual(await must(writer.checkpoint()), at(1));
  stop();
  while ((await must(models.writer(fruits, 'two'))) === undefined) await pause(100);
});

test('a page that was too slow for the lease is tried with half as many, down to one', (t) => {
  const size = pageSizeUpTo(5);
  const seen = [1, 2, 3].map(() => {
    size.halve();
    return size.now();
  });
  t.deepEqual(seen, [2, 1, 1]);
  size.done();
  t.is(size.now(), 2);
  size.done();
  size.done();
  t.is(size.now(), 5);
});
