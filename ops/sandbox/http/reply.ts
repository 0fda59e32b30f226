import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';

export type Answer = {
  readonly status: number;
  readonly body: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An answer, or the deliberate absence of one: the connection is reset. */
export type Outcome = Answer | 'reset';

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** JSON as Flask prints it: two spaces, keys in order. */
export const json = (status: number, value: unknown): Answer => ({
  status,
  body: `${JSON.stringify(value, sorted, 2)}\n`,
  type: 'application/json',
});

const title = (status: number): string => STATUS_CODES[status] ?? 'Unknown';

/** The error object that MBS answers with. */
export const problem = (status: number, message: string): Answer =>
  json(status, { error: title(status), message, status });

export const html = (status: number, body: string): Answer => ({
  status,
  body,
  type: 'text/html; charset=utf-8',
});

/** What a web server shows when its application breaks in the middle. */
export const brokenServer: Answer = html(
  500,
  '<!DOCTYPE html>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n' +
    '<p>The server met an error it has no answer for.</p>\n',
);

/** Sends an answer with the reason phrase in capitals, as the real servers do. */
export const send = (response: ServerResponse, outcome: Outcome): void => {
  if (outcome === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const { status, body, type, headers } = outcome;
  response.writeHead(status, title(status).toUpperCase(), {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
};

const LIMIT = 4 * 1024 * 1024;

/** The whole body as text; undefined when it is over 4 MiB. */
export const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Array<Buffer> = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LIMIT) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};
