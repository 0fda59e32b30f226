import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { verify } from '../../audit/verify.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { aBroker, aConsumer, aPublisher, idsIn, until } from '../support/amqp-scene.ts';
import { aFolder } from '../support/ingest-world.ts';
import { rabbitOfFile, serialWithRabbit as test, withRabbit } from '../support/rabbit-of-file.ts';

const { rabbit, aVhost } = rabbitOfFile();
const script = fileURLToPath(new URL('../support/consuming-child.ts', import.meta.url));

const ids = (count: number): ReadonlyArray<string> => Array.from({ length: count }, randomUUID);

const opened = async (t: ExecutionContext, file: string): Promise<EventLog> => {
  const log = await openEmbeddedLog({ file })();
  if (E.isLeft(log)) throw new Error(log.left.reason);
  t.teardown(() => log.right.close());
  return log.right;
};

const isWhole = async (log: EventLog): Promise<boolean> => {
  const verified = await verify(log)();
  return E.isRight(verified) && verified.right.faultCount === 0;
};

/** Publishes one after another until all are confirmed or the broker is gone; the confirmed ones. */
const sendWhileThere = async (
  t: ExecutionContext,
  url: string,
  messages: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> => {
  const { send } = await aPublisher(t, url);
  const confirmed: Array<string> = [];
  for (const messageId of messages) {
    const isConfirmed = await send({ messageId }).then(
      () => true,
      () => false,
    );
    if (!isConfirmed) break;
    confirmed.push(messageId);
  }
  return confirmed;
};

test(
  withRabbit(
    'a broker killed in the middle loses no message that it had confirmed, nor doubles one',
  ),
  async (t) => {
    const url = await aVhost();
    const follower = await aConsumer(t, { broker: aBroker(url), prefetch: 10 });
    const sent = ids(5000);
    const sending = sendWhileThere(t, url, sent);
    await until(async () => (await idsIn(follower.log)).length > 100);
    await rabbit().kill();
    const confirmed = await sending;
    t.true(confirmed.length > 100 && confirmed.length < sent.length);
    await rabbit().start();
    await follower.hasTold(/answers again after \d+ failed tries/);
    const more = await sendWhileThere(t, url, ids(50));
    t.is(more.length, 50);
    const expected = [...confirmed, ...more];
    await until(async () => {
      const there = new Set(await idsIn(follower.log));
      return expected.every((id) => there.has(id));
    });
    const there = await idsIn(follower.log);
    t.is(new Set(there).size, there.length);
    // What was published when the broker died may have been kept without a confirmation.
    t.true(there.length - expected.length <= 1);
    t.true(await isWhole(follower.log));
  },
);

const aChild = (t: ExecutionContext, file: string, url: string) => {
  const args = ['--import=tsx', script, file, url];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  let heard = 0;
  createInterface({ input: child.stdout }).on('line', () => (heard += 1));
  return {
    hasHeard: (count: number) => until(() => heard >= count),
    kill: async (): Promise<void> => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};

test(
  withRabbit(
    'a process killed while it consumes loses nothing, and the next puts nothing on record twice',
  ),
  async (t) => {
    const url = await aVhost();
    const file = join(aFolder(t), 'log.db');
    const { channel, send } = await aPublisher(t, url);
    await channel.assertQueue('freshmaker', { durable: true });
    await channel.bindQueue('freshmaker', 'amq.topic', '#');
    const sent = ids(1500);
    await send(...sent.map((messageId) => ({ messageId })));
    for (const count of [1, 40, 300]) {
      const child = aChild(t, file, url);
      await child.hasHeard(count);
      await child.kill();
    }
    const log = await opened(t, file);
    const before = (await idsIn(log)).length;
    t.true(before > 0 && before < sent.length);
    const last = aChild(t, file, url);
    await until(async () => (await idsIn(log)).length >= sent.length);
    await until(async () => (await channel.checkQueue('freshmaker')).messageCount === 0);
    await last.kill();
    t.deepEqual([...(await idsIn(log))].sort(), [...sent].sort());
    t.true(await isWhole(log));
  },
);
