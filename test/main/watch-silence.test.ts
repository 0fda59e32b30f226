import { EventEmitter, once } from 'node:events';
import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { watchSilence } from '../../main/backend/watch-silence.ts';
import { hearingOf } from '../../main/hearing.ts';
import type { Reader } from '../../projectors/read-models.ts';

const noon = Date.parse('2026-11-22T12:00:00.000Z');
const config = { feedUrl: null, amqpUrl: 'amqp://here', fedmsgEndpoints: [], silentAfter: 900 };

test('a source that falls silent is logged once as an error, and once when it speaks again', async (t) => {
  let time = noon;
  const clock = (): number => time;
  const hearing = hearingOf(config, clock);
  const lines: Array<readonly [string, unknown, string]> = [];
  const turns = new EventEmitter();
  const stop = new AbortController();
  const write =
    (level: string) =>
    (fields: unknown, sentence: string): void =>
      void lines.push([level, fields, sentence]);
  const run = watchSilence(
    {
      ...{ hearing, clock, every: 1, beat: () => turns.emit('turn') },
      sources: { get: () => TE.right(undefined) } as unknown as Reader,
      pino: { error: write('error'), info: write('info') } as never,
    },
    stop.signal,
  );
  /** The second turn from now began after this, so one whole look has been taken. */
  const look = async (): Promise<void> => {
    await once(turns, 'turn');
    await once(turns, 'turn');
  };
  await look();
  t.is(lines.length, 0);
  time += 900_000;
  await look();
  await look();
  t.is(lines.length, 1);
  t.deepEqual(lines[0]?.slice(0, 2), [
    'error',
    { source: 'amqp', code: 'silent', since: '2026-11-22T12:00:00.000Z' },
  ]);
  time += 100_000;
  hearing.heard('amqp');
  await look();
  await look();
  t.is(lines.length, 2);
  t.deepEqual(lines[1]?.slice(0, 2), ['info', { source: 'amqp', seconds: 1000 }]);
  stop.abort();
  await run;
});
