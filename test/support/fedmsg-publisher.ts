import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { XPublisher } from 'zeromq';

export type FedmsgPublisher = {
  /** `tcp://127.0.0.1:port`. */
  readonly endpoint: string;
  readonly send: (...frames: ReadonlyArray<string | Uint8Array>) => Promise<void>;
  /** Sends an envelope under the topic it gives. */
  readonly publish: (envelope: string) => Promise<void>;
  /** Resolves when somebody has subscribed: what is sent before is sent to nobody. */
  readonly subscribed: () => Promise<string>;
  readonly close: () => void;
};

/** The address of a socket that was closed is free only a little later. */
const bindWhenFree = async (socket: XPublisher, at: string): Promise<void> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await socket.bind(at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || tries === 200) throw error;
    }
    await pause(25);
  }
};

/** A ZeroMQ publisher on loopback, at a free port unless an endpoint is given. */
export const aFedmsgPublisher = async (
  t: ExecutionContext,
  at = 'tcp://127.0.0.1:*',
): Promise<FedmsgPublisher> => {
  const socket = new XPublisher({ linger: 0 });
  const close = (): void => socket.close();
  t.teardown(close);
  await bindWhenFree(socket, at);
  const send = (...frames: ReadonlyArray<string | Uint8Array>): Promise<void> =>
    socket.send([...frames] as never);
  return {
    ...{ endpoint: socket.lastEndpoint!, send, close },
    publish: (envelope) => send((JSON.parse(envelope) as { topic: string }).topic, envelope),
    subscribed: async () => {
      const [heard] = await socket.receive();
      return heard!.subarray(1).toString();
    },
  };
};
