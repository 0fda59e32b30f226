import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Libsql from 'libsql';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { appOver } from './app-over.ts';
import { must } from './world.ts';

/** One read of the store: the statement as it was sent, and its values. */
type Asked = { readonly sql: string; readonly kind: 'all' | 'get'; readonly values: unknown };
type Canned = {
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  readonly reads: ReadonlyArray<() => unknown>;
};

type Preparing = {
  prepare: (sql: string) => Record<'all' | 'get', (values: unknown) => unknown>;
};

/** Notes the reads that the store is asked for while it runs. */
const spying = () => {
  const prototype = Libsql.prototype as unknown as Preparing;
  const plain = prototype.prepare;
  const asked: Array<Asked> = [];
  prototype.prepare = function (sql) {
    const statement = plain.call(this, sql);
    for (const kind of ['all', 'get'] as const) {
      const read = statement[kind].bind(statement);
      statement[kind] = (values) => {
        asked.push({ sql, kind, values });
        return read(values);
      };
    }
    return statement;
  };
  const end = (): void => {
    prototype.prepare = plain;
  };
  return { take: () => asked.splice(0), end };
};

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(portOf(server))));

type Way = 'again' | 'anew';

/**
 * What the app answers to each path, and a raw replay of what it reads for it: asked the same again,
 * or asked (by a parameter that it ignores) what nobody has asked before.
 */
const canned = async (
  file: string,
  paths: ReadonlyArray<string>,
  db: Libsql.Database,
  way: Way,
): Promise<ReadonlyMap<string, Canned>> => {
  const headers = { host: '127.0.0.1' };
  const spy = spying();
  const readModels = await must(openEmbeddedReadModels({ file }));
  const app = appOver(readModels);
  const answers = new Map<string, Canned>();
  for (const path of paths) {
    // An answer is kept from the second time on.
    await app.inject({ url: `${path}0`, headers });
    await app.inject({ url: `${path}0`, headers });
    spy.take();
    const url = `${path}${way === 'again' ? 0 : 1}`;
    const answer = await app.inject({ url, headers });
    const { rawPayload, statusCode } = answer;
    if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${rawPayload.toString()}`);
    const reads = spy.take().map(({ sql, kind, values }) => {
      const statement = db.prepare(sql).raw(true);
      return (): unknown => (kind === 'all' ? statement.all(values) : statement.get(values));
    });
    answers.set(path, { headers: answer.headers, body: rawPayload, reads });
  }
  spy.end();
  await app.close();
  await readModels.close();
  return answers;
};

const bare = (answers: ReadonlyMap<string, Canned>, reading: boolean): Server =>
  createServer(({ url = '' }, response) => {
    const answer = answers.get(url.slice(0, url.lastIndexOf('=') + 1));
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (reading) for (const read of answer.reads) read();
    response.writeHead(200, answer.headers).end(answer.body);
  });

/** Ports of the app and of the bare servers that answer the same bytes. */
const serve = async (file: string, paths: ReadonlyArray<string>) => {
  const db = new Libsql(file);
  const again = await canned(file, paths, db, 'again');
  const anew = await canned(file, paths, db, 'anew');
  const app = appOver(await must(openEmbeddedReadModels({ file })));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    ours: portOf(app.server),
    again: await listening(bare(again, true)),
    anew: await listening(bare(anew, true)),
    memory: await listening(bare(anew, false)),
  };
};

const [file = '', ...paths] = process.argv.slice(2);
process.send?.(await serve(file, paths));
process.once('disconnect', () => process.exit(0));
