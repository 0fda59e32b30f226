import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { odcsOverHttp, type OdcsOptions } from '../../clients/odcs/http.ts';
import type { Odcs } from '../../clients/odcs/port.ts';

/** A compose as ODCS shows it; only what anybody here reads. */
export type Row = Readonly<Record<string, unknown>> & {
  readonly id: number;
  readonly state: number;
  readonly time_to_expire: string | null;
};
export type Asked = {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
};
/** What goes wrong with the next change: before or after it was made, or the answer never comes. */
export type Fault = 'reset-before' | 'reset-after' | 'silent-after' | 'garbled-after' | number;

export type OdcsServer = {
  readonly odcs: (options?: Partial<OdcsOptions>) => Odcs;
  readonly asked: Array<Asked>;
  readonly rows: Array<Row>;
  readonly faults: Array<Fault>;
  /** Ids whose repo file answers. */
  readonly files: Set<number>;
  readonly set: (id: number, change: Partial<Row>) => void;
  /** Changes that were asked for, in order: `POST` and `PATCH 7`. */
  readonly changes: () => ReadonlyArray<string>;
};

const names = ['wait', 'generating', 'done', 'removed', 'failed'];
const joined = (value: unknown): string | null =>
  Array.isArray(value) ? value.map(String).join(' ') : null;

export const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
const problem = (response: ServerResponse, status: number, message: string): void =>
  json(response, status, { status, error: 'so it is', message });

const bodyOf = async (request: IncomingMessage): Promise<Asked['body']> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return (body === '' ? {} : JSON.parse(body)) as Asked['body'];
};

const listed = (rows: ReadonlyArray<Row>, { searchParams }: URL) => {
  const owner = searchParams.get('owner');
  const size = Number(searchParams.get('per_page') ?? 10);
  const page = Number(searchParams.get('page') ?? 1);
  const found = rows.filter((row) => owner === null || row['owner'] === owner).toReversed();
  const items = found.slice((page - 1) * size, page * size);
  const pages = Math.ceil(found.length / size);
  return { items, meta: { page, pages, per_page: size, total: found.length } };
};

/** An ODCS on loopback whose composes stay as they are until the test says otherwise. */
export const anOdcs = async (t: ExecutionContext): Promise<OdcsServer> => {
  const asked: Array<Asked> = [];
  const rows: Array<Row> = [];
  const faults: Array<Fault> = [];
  const files = new Set<number>();
  let base = '';
  const set = (id: number, change: Partial<Row>): void => {
    const index = rows.findIndex((row) => row.id === id);
    const row = rows[index];
    if (row === undefined) throw new Error(`no compose ${id}`);
    const state = change.state ?? row.state;
    rows[index] = { ...row, ...change, state_name: names[state] };
  };
  const make = (fields: Partial<Row>): Row => {
    const id = rows.length + 1;
    const row: Row = {
      ...{ builds: fields['builds'], packages: fields['packages'], source_type: 6 },
      ...{ id, state: 0, state_name: 'wait', state_reason: null, owner: 'us' },
      ...{ result_repofile: `${base}files/${id}.repo` },
      time_to_expire: '2026-03-02T10:00:00Z',
    };
    rows.push(row);
    return row;
  };
  const create = ({ body }: Asked): Row => {
    const source = (body['source'] ?? {}) as Readonly<Record<string, unknown>>;
    return make({ builds: joined(source['builds']), packages: joined(source['packages']) });
  };
  const renew = (old: Row): Row => {
    if (old.state !== 2) return make(old);
    set(old.id, { time_to_expire: '2026-03-03T10:00:00Z' });
    return rows[old.id - 1] ?? old;
  };
  const change = (response: ServerResponse, run: () => Row): void => {
    const fault = faults.shift();
    if (typeof fault === 'number') return problem(response, fault, 'not today');
    if (fault === 'reset-before') return void response.destroy();
    const row = run();
    if (fault === 'reset-after') return void response.destroy();
    if (fault === 'garbled-after') return void response.end('<html>thank you</html>');
    if (fault !== 'silent-after') json(response, 200, row);
  };
  const one = ({ method, url }: Asked, response: ServerResponse): void => {
    const row = rows.find(({ id }) => String(id) === url.pathname.split('/').at(-1));
    if (row === undefined || row['isGone'] === true)
      return problem(response, 404, 'No such compose found.');
    if (method === 'GET') return json(response, 200, row);
    if (method === 'DELETE') return json(response, 202, { status: 202, message: 'later' });
    if (row.state < 2) return problem(response, 404, `No compose with id ${row.id} found`);
    change(response, () => renew(row));
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://odcs');
    const { authorization } = request.headers;
    const order = { method: request.method ?? '', url, authorization, body: await bodyOf(request) };
    asked.push(order);
    const file = /^\/files\/(\d+)\.repo$/.exec(url.pathname)?.[1];
    if (file !== undefined) {
      response.writeHead(files.has(Number(file)) ? 200 : 404).end();
    } else if (!url.pathname.endsWith('/composes/')) one(order, response);
    else if (order.method === 'GET') json(response, 200, listed(rows, url));
    else change(response, () => create(order));
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const defaults = { baseUrl: `${base}api/1/`, callTimeout: 20_000, concurrency: 4 };
  return {
    ...{ asked, rows, faults, files, set },
    odcs: (options = {}) => odcsOverHttp({ ...defaults, ...options }),
    changes: () =>
      asked
        .filter(({ method }) => method === 'POST' || method === 'PATCH')
        .map(({ method, url }) => `${method} ${url.pathname.split('/').at(-1) ?? ''}`.trim()),
  };
};
