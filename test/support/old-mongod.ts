import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { ExecutionContext } from 'ava';
import { BSON } from 'mongodb';

const legacyQuery = 2004;
const message = 2013;

const headed = (request: Buffer, operation: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + body.length, 0);
  header.writeInt32LE(1, 4);
  header.writeInt32LE(request.readInt32LE(4), 8);
  header.writeInt32LE(operation, 12);
  return Buffer.concat([header, body]);
};

/** The answer to any question, in the form of the question (OP_REPLY or OP_MSG). */
const answerTo = (request: Buffer, document: object): Buffer | undefined => {
  const bytes = Buffer.from(BSON.serialize(document));
  switch (request.readInt32LE(12)) {
    case legacyQuery: {
      const reply = Buffer.alloc(20);
      reply.writeInt32LE(1, 16);
      return headed(request, 1, Buffer.concat([reply, bytes]));
    }
    case message:
      return headed(request, message, Buffer.concat([Buffer.alloc(5), bytes]));
    default:
      return undefined;
  }
};

const serve = (socket: Socket, hello: object): void => {
  let waiting = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 16 && waiting.length >= waiting.readInt32LE(0)) {
      const request = waiting.subarray(0, waiting.readInt32LE(0));
      waiting = waiting.subarray(request.length);
      const answer = answerTo(request, hello);
      if (answer !== undefined) socket.write(answer);
    }
  });
};

/** A server that speaks as a member of a replica set of this wire version, and knows only `hello`. */
export const anOldMongod = async (t: ExecutionContext, maxWireVersion: number): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const { port } = server.address() as AddressInfo;
    const me = `127.0.0.1:${port}`;
    serve(socket, {
      ...{ ok: 1, helloOk: true, isWritablePrimary: true, ismaster: true, setName: 'rs' },
      ...{ me, primary: me, hosts: [me], minWireVersion: 0, maxWireVersion, setVersion: 1 },
      ...{ maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000 },
      ...{ maxWriteBatchSize: 100_000, logicalSessionTimeoutMinutes: 30, localTime: new Date(0) },
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/rows?replicaSet=rs`;
};
