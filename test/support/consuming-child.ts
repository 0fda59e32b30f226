// Consumes the queue `freshmaker` into the log file it is given, until it is killed; says each delivery.
import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import { followQueue } from '../../ingest/amqp/follow-queue.ts';
import { aBroker, aQueue } from './amqp-scene.ts';

const [file = '', url = '', prefetch = '25'] = process.argv.slice(2);

const log = await openEmbeddedLog({ file })();
if (E.isLeft(log)) throw new Error(log.left.reason);
const hand = { newId: randomUUID, now: () => new Date().toISOString(), actor: 'child' };
await followQueue(
  {
    ingest: { ...hand, log: log.right, codeVersion: '0.0.0', transport: 'amqp' },
    ...{ broker: aBroker(url), queue: aQueue(), prefetch: Number(prefetch) },
    ...{ random: Math.random, pauses: { first: 50, longest: 200 } },
    report: (level, sentence) => level === 'info' || process.stderr.write(`${sentence}\n`),
    heard: () => process.stdout.write('heard\n'),
  },
  new AbortController().signal,
);
