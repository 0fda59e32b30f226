import { connect, createServer, type Server, type Socket } from 'node:net';

/** The door of the stand-in: what a client sees of a server that dies is that this closes. */
export type Front = {
  readonly port: () => number;
  /** Every connection is reset. */
  readonly cut: () => void;
  /** Nothing passes any more over the connections there are. */
  readonly hold: () => void;
  /** Nobody answers at the port any more. */
  readonly shut: () => Promise<void>;
  /** The same port answers again. */
  readonly reopen: () => Promise<void>;
};

/** Passes everything on to another port of this machine. */
export const openFront = async (behind: number): Promise<Front> => {
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;

  const join = (one: Socket): void => {
    const other = connect(behind, '127.0.0.1');
    for (const socket of [one, other]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        one.destroy();
        other.destroy();
      });
    }
    one.pipe(other);
    other.pipe(one);
  };
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer(join);
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) port = address.port;
        resolve();
      });
    });
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  await listen();
  return {
    port: () => port,
    cut,
    hold: () => {
      for (const socket of sockets) socket.pause();
    },
    shut: () => {
      cut();
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
    reopen: listen,
  };
};
