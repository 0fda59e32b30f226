import test from 'ava';
import type { Failing } from '../../main/outages.ts';
import { outagesOf } from '../../main/outages.ts';
import { newsOnly } from '../../main/repeats.ts';

const clocked = () => {
  const clock = { now: 0 };
  const outages = outagesOf({ monotonic: () => clock.now, quiet: 100_000, reminder: 60_000 });
  return { clock, outages };
};

const part = 'The saga rebuild';
const failing = (stream: string, rest: Partial<Failing> = {}): Failing => ({
  ...{ part, stream, code: 'mbs-unavailable', level: 'warn', reason: `MBS is gone (${stream})` },
  ...rest,
});

test('an outage is one line when it begins and one when the last stream goes on', (t) => {
  const { clock, outages } = clocked();
  t.deepEqual(outages.failed(failing('a')), {
    level: 'warn',
    fields: { part, code: 'mbs-unavailable', stream: 'a' },
    sentence: 'MBS is gone (a)',
  });
  for (const stream of ['a', 'b', 'c', 'b']) t.is(outages.failed(failing(stream)), undefined);
  clock.now = 30_000;
  t.deepEqual(outages.recovered(part, 'a'), []);
  t.deepEqual(outages.recovered(part, 'c'), []);
  t.deepEqual(outages.recovered(part, 'b'), [
    {
      level: 'info',
      fields: { part, code: 'mbs-unavailable', seconds: 30, failures: 5, streams: 3 },
      sentence: `${part} goes on: mbs-unavailable is over, after 30 s and 5 failures of 3 streams.`,
    },
  ]);
  t.not(outages.failed(failing('a')), undefined, 'the next outage is told again');
});

test('each part that an outage hits tells of it, and each kind of failure', (t) => {
  const { outages } = clocked();
  const lines = [
    outages.failed(failing('a')),
    outages.failed(failing('a', { part: 'The saga wave' })),
    outages.failed(failing('a', { code: 'koji-unavailable' })),
  ];
  t.true(lines.every((line) => line !== undefined));
  t.is(outages.recovered(part, 'a').length, 2);
});

test('what is wrong with one stream alone hides nothing of the others', (t) => {
  const { outages } = clocked();
  const refused = { code: 'mbs-refused' };
  t.not(outages.failed(failing('a', refused)), undefined);
  t.is(outages.failed(failing('a', refused)), undefined);
  t.not(outages.failed(failing('b', refused)), undefined);
});

test('an outage that nobody fails of any more is over, and one that goes on is told of now and then', (t) => {
  const { clock, outages } = clocked();
  outages.failed(failing('', { part: 'The read model builds', code: 'store-unavailable' }));
  clock.now = 59_000;
  t.deepEqual(outages.look(), []);
  clock.now = 60_000;
  t.regex(outages.look()[0]?.sentence ?? '', /store-unavailable goes on, for 60 s and 1 failure/);
  t.deepEqual(outages.look(), []);
  clock.now = 100_000;
  t.regex(
    outages.look()[0]?.sentence ?? '',
    /store-unavailable is over, after 100 s and 1 failure\./,
  );
  t.deepEqual(outages.look(), []);
});

test('a part that failed as a whole recovers as a whole', (t) => {
  const { outages } = clocked();
  outages.failed(failing('', { code: 'store-unavailable' }));
  outages.failed(failing('a'));
  const over = outages.recovered(part, '');
  t.deepEqual(
    over.map(({ fields }) => fields['code']),
    ['store-unavailable'],
  );
});

test('a sentence that differs by its numbers only is no news for ten minutes', (t) => {
  let now = 0;
  const isNews = newsOnly(() => now);
  t.true(isNews('feed: refused; next try in 500 ms'));
  t.false(isNews('feed: refused; next try in 993 ms'));
  t.true(isNews('feed: answers again'));
  now = 600_000;
  t.true(isNews('feed: refused; next try in 1 ms'));
});
