import { connect, type Socket } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');

/** Bytes of the first whole answer in the buffer; undefined while it is not whole. */
const wholeAnswer = (received: Buffer): number | undefined => {
  const end = received.indexOf(headEnd);
  if (end === -1) return undefined;
  const head = received.subarray(0, end).toString('latin1');
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(head.split('\r\n', 1)[0]);
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('an answer without content-length');
  const total = end + headEnd.length + Number(length);
  return received.length >= total ? total : undefined;
};

/** Asks again and again over one connection until told to stop; answers how often it was answered. */
const askOver = (socket: Socket, request: () => string, until: number): Promise<number> =>
  new Promise((resolve, reject) => {
    let count = 0;
    let received: Buffer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      try {
        const whole = wholeAnswer(received);
        if (whole === undefined) return;
        received = received.subarray(whole);
      } catch (error) {
        reject(error instanceof Error ? error : new Error('unreadable answer'));
        return;
      }
      count += 1;
      if (performance.now() < until) socket.write(request());
      else resolve(count);
    });
    socket.write(request());
  });

/** Answers a second for the paths that `next` gives, over kept connections, one request on each at a time. */
export const answersPerSecond = async (
  port: number,
  next: () => string,
  ms: number,
  connections = 8,
): Promise<number> => {
  const sockets = Array.from({ length: connections }, () =>
    connect({ port, host: '127.0.0.1', noDelay: true }),
  );
  await Promise.all(
    sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))),
  );
  const request = (): string => `GET ${next()} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
  const begun = performance.now();
  const counts = await Promise.all(sockets.map((socket) => askOver(socket, request, begun + ms)));
  const seconds = (performance.now() - begun) / 1000;
  for (const socket of sockets) socket.destroy();
  return counts.reduce((sum, count) => sum + count, 0) / seconds;
};
