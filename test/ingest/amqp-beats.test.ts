import plain from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { EventLog } from '../../event-log/event-log.ts';
import { openHold } from '../../ingest/amqp/hold.ts';
import { aBroker, aConsumer, aFollower, aPublisher, until } from '../support/amqp-scene.ts';
import { aLog, anIngest } from '../support/ingest-world.ts';
import { rabbitOfFile, testWithRabbit as test, withRabbit } from '../support/rabbit-of-file.ts';

const { aVhost } = rabbitOfFile();

const hour = 3_600_000;
const long = { first: hour, longest: hour };

plain('a pause after a failure is not silent, however long it is', async (t) => {
  let beats = 0;
  const broker = { ...aBroker('amqp://localhost'), port: 1 };
  const follower = await aFollower(t, {
    ...{ broker, pauses: long, refusedPauses: long, turn: 5 },
    beat: () => void (beats += 1),
  });
  await follower.hasTold(/The next try is in 1800 s/);
  await until(() => beats > 20);
  t.is(follower.told.length, 1);
});

plain('an attempt counts from its own beginning to its end', async (t) => {
  const hold = openHold({ report: () => undefined, random: () => 0, pauses: long });
  t.is(hold.longest(), 0);
  const over = hold.attempt();
  await until(() => hold.longest() > 1);
  over();
  t.is(hold.longest(), 0);
});

test(
  withRabbit('while deliveries wait for the log to take messages it is not stuck'),
  async (t) => {
    const url = await aVhost();
    let beats = 0;
    const down: EventLog = {
      ...(await aLog(t)),
      append: () => TE.left({ code: 'unavailable', reason: 'nobody is there' }),
    };
    const stuck = 500;
    const follower = await aConsumer(t, {
      ...{ broker: aBroker(url), ingest: anIngest(down), pauses: long, turn: 5, stuck },
      beat: () => void (beats += 1),
    });
    const { send } = await aPublisher(t, url);
    await send({ messageId: 'waits' });
    await follower.hasTold(/the log takes no message/);
    const toldAt = performance.now();
    await until(() => performance.now() - toldAt > stuck);
    const before = beats;
    await until(() => beats > before + 10);
    t.pass();
  },
);
