import type { ChannelModel } from 'amqplib';
import { connect, credentials } from 'amqplib';
import * as E from 'fp-ts/lib/Either.js';
import type { Broker } from './broker.ts';
import type { BrokerFailure } from './failure.ts';
import { failureOf } from './failure.ts';

/** Milliseconds without a byte while a connection is made. */
const connectPatience = 15_000;
/** Seconds; a connection is lost when nothing came for two of them. */
const heartbeat = 20;
/** Milliseconds for saying good-bye. */
const closePatience = 3000;

const secured = ({ tls }: Broker) => ({
  ...(tls.certificate === undefined
    ? {}
    : {
        ...{ cert: tls.certificate, key: tls.key ?? tls.certificate },
        credentials: credentials.external(),
      }),
  ...(tls.authority === undefined ? {} : { ca: tls.authority }),
});

const opened = (broker: Broker): Promise<ChannelModel> =>
  connect(
    {
      ...{ protocol: broker.protocol, hostname: broker.host, port: broker.port },
      ...{ username: broker.user, password: broker.password, heartbeat },
      vhost: encodeURIComponent(broker.virtualHost),
    },
    {
      ...{ timeout: connectPatience, noDelay: true, minVersion: 'TLSv1.2' },
      ...{ clientProperties: { connection_name: 'freshmaker' }, ...secured(broker) },
    },
  );

/** Resolves when the work is done, or after so many milliseconds; a rejection is an end too. */
export const within = async (milliseconds: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((done) => (timer = setTimeout(done, milliseconds)));
  await Promise.race([work.catch(() => undefined), enough]);
  clearTimeout(timer);
};

/** What the driver leaves behind of a broken connection. */
type Inner = {
  readonly stream?: { readonly destroy?: () => void };
  readonly heartbeater?: { readonly clear?: () => void };
};

/** Says good-bye; a broker that does not answer is left without. */
export const closeConnection = async (connection: ChannelModel): Promise<void> => {
  await within(closePatience, connection.close());
  // Else the socket of a broker that is gone, and its heartbeat, would keep the process alive.
  const { stream, heartbeater } = connection.connection as Inner;
  stream?.destroy?.();
  heartbeater?.clear?.();
};

/** Connects, or gives up at the signal with undefined. */
export const openConnection = async (
  broker: Broker,
  signal: AbortSignal,
): Promise<E.Either<BrokerFailure, ChannelModel> | undefined> => {
  let stop: () => void = () => undefined;
  const stopped = new Promise<undefined>((done) => {
    stop = () => done(undefined);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  const connecting = opened(broker).then(
    (connection) => {
      // An 'error' without a listener would end the process; each is followed by 'close'.
      connection.on('error', () => undefined);
      return E.right(connection);
    },
    (error: unknown) => E.left(failureOf(broker, error)),
  );
  const first = await Promise.race([connecting, stopped]);
  signal.removeEventListener('abort', stop);
  if (first === undefined) {
    void connecting.then((late) => (E.isRight(late) ? closeConnection(late.right) : undefined));
  }
  return first;
};
