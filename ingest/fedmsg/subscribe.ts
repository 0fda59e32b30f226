import * as E from 'fp-ts/lib/Either.js';
import type * as ZeroMq from 'zeromq';

export type NoSubscription = {
  readonly code: 'no-zeromq' | 'bad-endpoint';
  readonly reason: string;
};

/** What happens to the way to one publisher. */
export type Report = (entry: {
  readonly level: 'info' | 'warn' | 'error';
  readonly code: string;
  readonly reason: string;
}) => void;

export type Subscription = {
  /** `tcp://host:port`. */
  readonly endpoints: ReadonlyArray<string>;
  /** Beginnings of topics; all where it names none. */
  readonly topics: ReadonlyArray<string>;
  /** Messages kept in memory for each endpoint while they cannot be put on record. */
  readonly highWaterMark: number;
  readonly report: Report;
  /** Loads the package. */
  readonly load?: () => Promise<typeof ZeroMq>;
};

const endpoint = /^tcp:\/\/(?:\[[^\]]+\]|[^:/[\]\s]+):(\d{1,5})$/;

const isEndpoint = (text: string): boolean => {
  const port = Number(endpoint.exec(text)?.[1] ?? 0);
  return port >= 1 && port <= 65_535;
};

const loaded = async (
  load: () => Promise<typeof ZeroMq>,
): Promise<E.Either<NoSubscription, typeof ZeroMq>> => {
  try {
    return E.right(await load());
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const reason = `fedmsg needs the package zeromq, which cannot be loaded (${said}). Install it with npm install zeromq, or set no fedmsgEndpoints.`;
    return E.left({ code: 'no-zeromq', reason });
  }
};

const gapClosed = 'What is published meanwhile does not come this way: only catching up finds it.';

/** Tells of each change once: zeromq tries again by itself, and says so every time. */
const tellChanges = ({ events }: ZeroMq.Subscriber, report: Report): void => {
  const standing = new Map<string, 'connected' | 'lost'>();
  const tell = (
    address: string,
    next: 'connected' | 'lost',
    level: 'info' | 'warn',
    reason: string,
  ): void => {
    if (standing.get(address) === next) return;
    standing.set(address, next);
    report({ level, code: next, reason });
  };
  const lost = (address: string, why: string): void =>
    tell(address, 'lost', 'warn', `fedmsg: ${address} ${why}; it is tried again. ${gapClosed}`);
  events.on('handshake', ({ address }) =>
    tell(address, 'connected', 'info', `fedmsg: connected to ${address}`),
  );
  events.on('disconnect', ({ address }) => lost(address, 'is lost'));
  events.on('connect:retry', ({ address }) => lost(address, 'cannot be reached'));
  events.on('handshake:error:protocol', ({ address }) => lost(address, 'speaks no ZeroMQ'));
  events.on('handshake:error:other', ({ address }) => lost(address, 'broke off the handshake'));
};

const minute = 60;
/** How long `receive` waits before it says that there is nothing, in milliseconds. */
export const turn = 1000;

/**
 * Subscribes at every endpoint. Left where the package is not installed or an endpoint is none; one
 * that cannot be reached is tried for ever.
 */
export const subscribe = async ({
  endpoints,
  topics,
  highWaterMark,
  report,
  load = () => import('zeromq'),
}: Subscription): Promise<E.Either<NoSubscription, ZeroMq.Subscriber>> => {
  const bad = endpoints.filter((one) => !isEndpoint(one));
  if (bad.length > 0) {
    const reason = `fedmsgEndpoints names ${bad.join(', ')}; an endpoint is tcp://<host>:<port>.`;
    return E.left({ code: 'bad-endpoint', reason });
  }
  const zeromq = await loaded(load);
  if (E.isLeft(zeromq)) return zeromq;
  const socket = new zeromq.right.Subscriber({
    ...{ receiveHighWaterMark: highWaterMark, receiveTimeout: turn, linger: 0 },
    ...{ reconnectInterval: 100, reconnectMaxInterval: 10_000 },
    // A publisher that went without a word is noticed after four minutes, not after two hours.
    ...{ tcpKeepalive: 1, tcpKeepaliveIdle: minute, tcpKeepaliveInterval: minute },
    tcpKeepaliveCount: 3,
  });
  tellChanges(socket, report);
  socket.subscribe(...(topics.length === 0 ? [''] : topics));
  for (const one of endpoints) socket.connect(one);
  return E.right(socket);
};
