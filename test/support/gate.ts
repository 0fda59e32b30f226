import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

export type Gate = {
  /** The address behind the gate, as seen through it. */
  readonly url: string;
  /** Cuts every connection; whoever comes is refused. */
  readonly shut: () => Promise<void>;
  readonly open: () => Promise<void>;
};

/** A way to a loopback server that can be shut, as when the server is down. */
export const aGate = async (t: ExecutionContext, to: string): Promise<Gate> => {
  const { port: behind, hostname } = new URL(to);
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(Number(behind), hostname);
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const shut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  t.teardown(shut);
  const url = new URL(to);
  url.port = String(port);
  return { url: url.href, shut, open: () => listen(port) };
};
