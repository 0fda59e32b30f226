import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/** What the server does with one question: an answer, or a fault. */
export type Answer =
  | { readonly messages: ReadonlyArray<unknown>; readonly next: string }
  | { readonly status: number }
  | { readonly bytes: Uint8Array }
  | 'hang'
  | 'drop';

export type FeedServer = {
  readonly url: string;
  /** The queries it was asked, in order. */
  readonly asked: ReadonlyArray<URLSearchParams>;
};

/** A feed on loopback that answers by `script`, given the number of the question and its query. */
export const aFeedServer = async (
  t: ExecutionContext,
  script: (question: number, query: URLSearchParams) => Answer,
): Promise<FeedServer> => {
  const asked: Array<URLSearchParams> = [];
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const answer = script(asked.length, query);
    asked.push(query);
    if (answer === 'hang') return;
    if (answer === 'drop') request.socket.destroy();
    else if ('status' in answer) response.writeHead(answer.status).end();
    else if ('bytes' in answer) response.end(answer.bytes);
    else response.end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/messages`, asked };
};
