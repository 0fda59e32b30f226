import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Libsql from 'libsql';
import type { FastifyInstance } from 'fastify';
import { buildsModel } from '../../projectors/builds/row.ts';
import { decisionsModel } from '../../projectors/decisions/row.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { eventsModel } from '../../projectors/events/row.ts';
import { messagesModel } from '../../projectors/messages/row.ts';
import { moduleIndexModel } from '../../projectors/module-index/row.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import { sourcesModel } from '../../projectors/sources/row.ts';
import { buildApp } from '../../query-api/app.ts';
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

const appOver = ({ reader, stamp }: ReadModels): FastifyInstance =>
  buildApp({
    readers: {
      events: reader(eventsModel),
      builds: reader(buildsModel),
      decisions: reader(decisionsModel),
      messages: reader(messagesModel),
      modules: reader(moduleIndexModel),
      sources: reader(sourcesModel),
    },
    stamp,
    about: { version: '0', authBackend: 'noauth' },
    health: () => Promise.resolve({ reasons: [], projections: [] }),
  });

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(portOf(server))));

/** What the app answers to each path, and a raw replay of what it reads for it. */
const canned = async (
  file: string,
  paths: ReadonlyArray<string>,
  db: Libsql.Database,
  host: string,
): Promise<ReadonlyMap<string, Canned>> => {
  const spy = spying();
  const readModels = await must(openEmbeddedReadModels({ file }));
  const app = appOver(readModels);
  const answers = new Map<string, Canned>();
  for (const url of paths) {
    await app.inject({ url, headers: { host } });
    spy.take();
    const { headers, rawPayload, statusCode } = await app.inject({ url, headers: { host } });
    if (statusCode !== 200) throw new Error(`${url}: ${statusCode} ${rawPayload.toString()}`);
    const reads = spy.take().map(({ sql, kind, values }) => {
      const statement = db.prepare(sql).raw(true);
      return (): unknown => (kind === 'all' ? statement.all(values) : statement.get(values));
    });
    answers.set(url, { headers, body: rawPayload, reads });
  }
  spy.end();
  await app.close();
  await readModels.close();
  return answers;
};

const bare = (answers: ReadonlyMap<string, Canned>, reading: boolean): Server =>
  createServer((request, response) => {
    const answer = answers.get(request.url ?? '');
    if (answer === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (reading) for (const read of answer.reads) read();
    response.writeHead(200, answer.headers).end(answer.body);
  });

/** Ports of the app and of the two bare servers that answer the same bytes. */
const serve = async (file: string, paths: ReadonlyArray<string>) => {
  const db = new Libsql(file);
  const answers = await canned(file, paths, db, '127.0.0.1');
  const app = appOver(await must(openEmbeddedReadModels({ file })));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    ours: portOf(app.server),
    store: await listening(bare(answers, true)),
    memory: await listening(bare(answers, false)),
    reads: Object.fromEntries([...answers].map(([path, { reads }]) => [path, reads.length])),
    bytes: Object.fromEntries([...answers].map(([path, { body }]) => [path, body.length])),
  };
};

const [file = '', ...paths] = process.argv.slice(2);
process.send?.(await serve(file, paths));
process.once('disconnect', () => process.exit(0));
