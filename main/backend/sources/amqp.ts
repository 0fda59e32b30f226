import * as E from 'fp-ts/lib/Either.js';
import type { Binding } from '../../../ingest/amqp/binding.ts';
import { bindingOf } from '../../../ingest/amqp/binding.ts';
import type { Broker, Tls } from '../../../ingest/amqp/broker.ts';
import { brokerOf } from '../../../ingest/amqp/broker.ts';
import { followQueue } from '../../../ingest/amqp/follow-queue.ts';
import type { Queue } from '../../../ingest/amqp/queue.ts';
import type { Config } from '../../config/settings.ts';
import { handOf } from '../../identity.ts';
import type { StartSource } from './source.ts';

const part = 'The AMQP consumer';

type Source = { readonly broker: Broker; readonly queue: Queue };

const tlsOf = ({ amqpCertificate, amqpKey, amqpAuthority }: Config): Tls => ({
  ...(amqpCertificate === null ? {} : { certificate: amqpCertificate }),
  ...(amqpKey === null ? {} : { key: amqpKey }),
  ...(amqpAuthority === null ? {} : { authority: amqpAuthority }),
});

const bindingsOf = ({ amqpBindings }: Config): E.Either<string, ReadonlyArray<Binding>> => {
  const read = amqpBindings.map(bindingOf);
  const fault = read.findIndex(E.isLeft);
  if (fault === -1) return E.right(read.flatMap((one) => (E.isRight(one) ? [one.right] : [])));
  return E.left(
    `amqpBindings holds ${JSON.stringify(amqpBindings[fault])}; it must be exchange:pattern, such as amq.topic:#.`,
  );
};

/** What single settings cannot tell: whether they go together. */
const contradictionIn = (config: Config, { protocol }: Broker): string | undefined => {
  const { amqpCertificate, amqpKey, amqpQueue, amqpDeclare, amqpBindings } = config;
  if (amqpCertificate !== null && protocol !== 'amqps') {
    return 'amqpCertificate is set, but amqpUrl begins with amqp://, which has no TLS; it must be amqps://.';
  }
  if (amqpKey !== null && amqpCertificate === null) {
    return 'amqpKey is set without amqpCertificate; set both, or neither.';
  }
  if (amqpDeclare === 'passive' && amqpQueue === null) {
    return 'amqpDeclare is passive, which needs the name of a queue in amqpQueue.';
  }
  const isUnbound = amqpDeclare === 'active' && amqpBindings.length === 0;
  return isUnbound ? 'amqpBindings is empty, so the queue would get nothing.' : undefined;
};

/** Broker and queue as configured; undefined where no broker is, left where settings contradict. */
export const amqpSourceOf = (config: Config): E.Either<string, Source> | undefined => {
  if (config.amqpUrl === null) return undefined;
  const broker = brokerOf(config.amqpUrl, tlsOf(config));
  if (E.isLeft(broker)) return E.left(`amqpUrl must be ${broker.left}.`);
  const bindings = bindingsOf(config);
  if (E.isLeft(bindings)) return bindings;
  const contradiction = contradictionIn(config, broker.right);
  if (contradiction !== undefined) return E.left(contradiction);
  const { amqpQueue: name, amqpDeclare: declare, amqpDurable: durable } = config;
  const queue = { name, declare, durable, bindings: bindings.right };
  return E.right({ broker: broker.right, queue });
};

/** RabbitMQ of fedora-messaging. */
export const startAmqp: StartSource = (deps, signal) => {
  const { config, stores, logger, beatOf, heard } = deps;
  const source = amqpSourceOf(config);
  if (source === undefined) return [];
  if (E.isLeft(source)) {
    return [[part, Promise.resolve(E.left({ code: 'bad-settings', reason: source.left }))]];
  }
  const run = followQueue(
    {
      ingest: {
        ...handOf(stores.log, 'freshmaker'),
        ...{ transport: 'amqp', accepted: config.topicPrefixes },
      },
      realm: config.rehearsal ? 'rehearsal' : 'real',
      ...{ ...source.right, prefetch: config.amqpPrefetch, random: Math.random },
      report: (level, sentence) => logger.pino[level]({ part: 'amqp' }, sentence),
      heard: () => heard('amqp'),
      beat: beatOf(part),
    },
    signal,
  );
  return [[part, run.then(E.right)]];
};
