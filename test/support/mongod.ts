import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ExecutionContext, TestFn } from 'ava';
import { MongoClient } from 'mongodb';
import type { Declare } from '../projectors/read-models-suite.ts';
import type { Killable } from './killable.ts';

export type Mongod = Killable & {
  /** Names the set, and no database: see `databaseIn`. */
  readonly url: string;
  /** SIGSTOP and SIGCONT: it is there, but answers nothing. */
  readonly freeze: () => void;
  readonly thaw: () => void;
};

export type MongodOptions = {
  readonly folder: string;
  /** A free one when left out. */
  readonly port?: number;
  /** Without a replica set, as nobody should run it. */
  readonly isStandalone?: boolean;
  readonly arguments?: ReadonlyArray<string>;
};

const binary = process.env['MONGOMS_SYSTEM_BINARY'];

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Asks until this holds; fails when the server ends or a minute is over. */
const until = async (child: ChildProcess, log: string, holds: () => Promise<boolean>) => {
  const deadline = performance.now() + 60_000;
  while (!(await holds().catch(() => false))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
      throw new Error(`mongod does not answer: ${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await pause(20);
  }
};

const set = 'rs';

/** Answers once it may be written to; makes the set of one at the first start. */
const ready = async (port: number, isStandalone: boolean): Promise<boolean> => {
  const options = { directConnection: true, serverSelectionTimeoutMS: 500 };
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, options);
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true) return true;
    if (isStandalone || hello['isreplicaset'] !== true) return false;
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await admin.command({ replSetInitiate: { _id: set, members } });
    return false;
  } finally {
    await client.close();
  }
};

/** Starts a mongod that is a replica set of one; what it has kept is there again after a kill. */
export const startMongod = async (options: MongodOptions): Promise<Mongod> => {
  if (binary === undefined) throw new Error('MONGOMS_SYSTEM_BINARY names no mongod');
  const { folder, isStandalone = false, arguments: more = [] } = options;
  const port = options.port ?? (await freePort());
  mkdirSync(folder, { recursive: true });
  const log = join(folder, 'mongod.log');
  const args = [
    ...['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
    ...['--logpath', log, '--logappend', '--wiredTigerCacheSizeGB', '0.6'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...['--setParameter', 'enableTestCommands=1'],
    ...(isStandalone ? [] : ['--replSet', set, '--oplogSize', '64']),
    ...more,
  ];
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending?.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGCONT');
    ending.kill(signal);
    await ended;
  };
  const start = async (): Promise<void> => {
    const running = spawn(binary, args, { stdio: 'ignore' });
    child = running;
    process.once('exit', () => running.kill('SIGKILL'));
    await until(running, log, () => ready(port, isStandalone));
  };
  await start();
  const tail = isStandalone ? '' : `?replicaSet=${set}`;
  return {
    url: `mongodb://127.0.0.1:${port}/${tail}`,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
};

/** The same server, another database. */
export const databaseIn = (url: string, database: string): string =>
  url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/u, `$1/${database}`);

export const aFolderFor = (what: string): string =>
  mkdtempSync(join(tmpdir(), `freshmaker-${what}-`));

/** A mongod of this one test, taken away with all it kept when the test ends. */
export const aMongod = async (
  t: ExecutionContext,
  options: Omit<MongodOptions, 'folder'> = {},
): Promise<Mongod> => {
  const folder = aFolderFor('mongod');
  const mongod = await startMongod({ ...options, folder });
  t.teardown(async () => {
    await mongod.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return mongod;
};

export type TestMongodb = {
  /** Declares a test that needs MongoDB; it is skipped, with the reason, where there is none. */
  readonly test: Declare;
  /** The same, for tests that start and stop a server of their own. */
  readonly testOwn: Declare;
  /** A connection string with a database of this test's own, dropped when it ends. */
  readonly database: (t: ExecutionContext) => Promise<string>;
};

const dropLater = (t: ExecutionContext, url: string): void => {
  t.teardown(async () => {
    const client = new MongoClient(url);
    // What a killed process had under way would keep the server from it for a minute and more.
    const writers = client
      .db()
      .collection('generations')
      .find({ session: { $ne: null } });
    const sessions = (await writers.toArray()).map(({ session }) => session as unknown);
    if (sessions.length > 0) await client.db().command({ killSessions: sessions });
    await client.db().dropDatabase();
    await client.close();
  });
};

/**
 * The MongoDB of a test file: the one that FRESHMAKER_TEST_MONGODB names, else one of its own when
 * MONGOMS_SYSTEM_BINARY names a mongod, started with the first test that needs it.
 */
export const mongodbForTests = (
  test: TestFn,
  declare: Declare = (title, run) => test(title, run),
): TestMongodb => {
  const named = process.env['FRESHMAKER_TEST_MONGODB'];
  const folder = named === undefined && binary !== undefined ? aFolderFor('mongod') : undefined;
  let started: Promise<Mongod> | undefined;
  const server = async (): Promise<string> => {
    if (folder === undefined) return named ?? '';
    started ??= startMongod({ folder });
    return (await started).url;
  };
  if (folder !== undefined) {
    test.after.always('the mongod of this file is taken away', async () => {
      await (await started)?.stop();
      rmSync(folder, { recursive: true, force: true });
    });
  }
  const skipped =
    (missing: string): Declare =>
    (title, run) =>
      test.skip(`${title} (skipped: ${missing})`, run);
  const own = 'set MONGOMS_SYSTEM_BINARY to a mongod';
  return {
    test:
      named === undefined && binary === undefined
        ? skipped(`${own}, or FRESHMAKER_TEST_MONGODB to a connection string`)
        : declare,
    testOwn: binary === undefined ? skipped(own) : declare,
    database: async (t) => {
      const url = databaseIn(await server(), `freshmaker-${randomUUID().slice(0, 12)}`);
      dropLater(t, url);
      return url;
    },
  };
};
