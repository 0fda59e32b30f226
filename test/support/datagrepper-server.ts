import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

/** What the server does with one question. */
export type Grepped =
  { readonly status?: number; readonly type?: string; readonly text: string } | 'hang' | 'drop';

/** A datagrepper on loopback that answers by `script`, given the path and the query. */
export const aDatagrepper = async (
  t: ExecutionContext,
  script: (path: string, query: URLSearchParams) => Grepped,
): Promise<{ readonly url: string; readonly asked: ReadonlyArray<URL> }> => {
  const asked: Array<URL> = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    asked.push(url);
    const answer = script(url.pathname, url.searchParams);
    if (answer === 'hang') return;
    if (answer === 'drop') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' });
    response.end(answer.text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/datagrepper`, asked };
};
