import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './run.ts';

export type GitRequest = {
  readonly root: string;
  /** `/namespace/repo.git/info/refs` and the like. */
  readonly path: string;
  readonly query: string;
};

const basicUser = (authorization: string | undefined): string | undefined => {
  const [, encoded] = /^Basic (.+)$/.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  return Buffer.from(encoded, 'base64').toString().split(':')[0];
};

const environment = (request: IncomingMessage, { root, path, query }: GitRequest) => {
  const { headers } = request;
  return {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method,
    REMOTE_ADDR: request.socket.remoteAddress,
    REMOTE_USER: basicUser(headers.authorization),
    CONTENT_TYPE: headers['content-type'],
    CONTENT_LENGTH: headers['content-length'],
    HTTP_CONTENT_ENCODING: headers['content-encoding'],
    GIT_PROTOCOL: headers['git-protocol'] as string | undefined,
  };
};

const HEAD_END = Buffer.from('\r\n\r\n');

const sendHead = (response: ServerResponse, head: string): void => {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const [name = '', ...value] = line.split(': ');
    if (name.toLowerCase() === 'status') status = Number.parseInt(value.join(': '), 10);
    else if (name !== '') response.setHeader(name, value.join(': '));
  }
  response.writeHead(status);
};

/** Serves one request of smart HTTP through `git http-backend`; resolves when git has ended. */
export const serveGit = async (
  incoming: IncomingMessage,
  response: ServerResponse,
  request: GitRequest,
): Promise<void> =>
  new Promise((resolve) => {
    const child = spawn('git', ['http-backend'], { env: environment(incoming, request) });
    let pending: Buffer | undefined = Buffer.alloc(0);
    child.stdin.on('error', () => undefined); // git may refuse before it has read everything
    incoming.pipe(child.stdin);
    child.stdout.on('data', (chunk: Buffer) => {
      if (pending === undefined) return void response.write(chunk);
      pending = Buffer.concat([pending, chunk]);
      const end = pending.indexOf(HEAD_END);
      if (end < 0) return;
      sendHead(response, pending.subarray(0, end).toString());
      response.write(pending.subarray(end + HEAD_END.length));
      pending = undefined;
    });
    child.stderr.resume();
    child.on('error', () => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
      resolve();
    });
    child.on('close', () => {
      if (!response.headersSent) response.writeHead(500);
      resolve();
    });
    response.on('close', () => child.kill());
  });
