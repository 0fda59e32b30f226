import { createHash } from 'node:crypto';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventLog } from '../../event-log/event-log.ts';
import { appendOrSetAside } from '../../ingest/append-or-set-aside.ts';
import { judge } from '../../ingest/judge.ts';
import { normalise } from '../../ingest/normal-form.ts';
import { aLog, anIngest, eventsOf } from '../support/ingest-world.ts';

test('what the log takes no part of is on record with size and hash of its body', async (t) => {
  const log = await aLog(t);
  const picky: EventLog = {
    ...log,
    append: (stream, expected, events) =>
      JSON.stringify(events).includes('poison')
        ? TE.left({ code: 'bad-append', reason: 'no' })
        : log.append(stream, expected, events),
  };
  const body = '{"a":"poison"}';
  const raw = { topic: 'a.b.c.d', headers: { h: 'poison' }, id: 'x1', body: { a: 'poison' } };
  const message = normalise(raw);
  if (E.isLeft(message)) return t.fail(message.left.reason);

  const outcome = await appendOrSetAside(anIngest(picky))(
    message.right,
    judge(message.right),
    'real',
  )();

  t.deepEqual(outcome, E.right('appended'));
  const events = await eventsOf(log, `message-${message.right.key}`);
  t.is(events.length, 2);
  t.like(events[0]?.data, { topic: message.right.topic, headers: {} });
  const explanation = events[1]?.data['explanation'] as string;
  t.is(events[1]?.data['code'], 'unreadable-message');
  t.true(explanation.includes(`${body.length} bytes`));
  t.true(explanation.includes(createHash('sha256').update(body).digest('hex')));
});
