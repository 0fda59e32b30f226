import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Killable } from '../killable.ts';
import { makeCertificate } from './certificates.ts';
import type { Users } from './users.ts';

export type ChildSettings = {
  readonly file: string;
  readonly port: number;
  readonly tls?: {
    readonly keyFile: string;
    readonly chainFile: string;
    readonly caFile: string;
    readonly users: Users;
  };
};

export type EventStoreProcess = Killable & {
  /** With TLS it names `admin`. */
  readonly connectionString: string;
  /** SIGTERM, as who runs a server ends it; resolves when the process has gone. */
  readonly terminate: () => Promise<void>;
};

export type EventStoreProcessOptions = {
  /** Keeps its data; made when absent. What was acknowledged there outlives any end of the process. */
  readonly folder: string;
  /** A free one unless given; the same after each start. */
  readonly port?: number;
  /** TLS with a certificate made for it, and these users; needs openssl. */
  readonly tls?: { readonly users: Users };
};

const script = fileURLToPath(new URL('serving-child.ts', import.meta.url));

const portSaidBy = async (child: ChildProcess): Promise<number> => {
  let complaint = '';
  child.stderr?.on('data', (bytes: Buffer) => (complaint += bytes.toString()));
  if (child.stdout === null) throw new Error('the stand-in was started without its stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /^port (\d+)$/.exec(line) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the stand-in did not start: ${complaint}`);
};

const ended = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
};

const tlsIn = (folder: string, users: Users): NonNullable<ChildSettings['tls']> => {
  const { key, chain, caFile } = makeCertificate();
  const [keyFile, chainFile] = [join(folder, 'server.key'), join(folder, 'server.pem')];
  writeFileSync(keyFile, key, { mode: 0o600 });
  writeFileSync(chainFile, chain);
  return { keyFile, chainFile, caFile, users };
};

/**
 * Starts the stand-in for EventStoreDB as a process of its own that can be killed at any moment: an
 * append is acknowledged when it is synced to the file, and positions are the same after a restart.
 */
export const startEventStore = async ({
  folder,
  port = 0,
  tls,
}: EventStoreProcessOptions): Promise<EventStoreProcess> => {
  mkdirSync(folder, { recursive: true });
  const secured = tls === undefined ? {} : { tls: tlsIn(folder, tls.users) };
  const settings = { file: join(folder, 'events'), ...secured };
  let child: ChildProcess;
  const begin = async (at: number): Promise<number> => {
    const given: ChildSettings = { ...settings, port: at };
    child = spawn(process.execPath, ['--import=tsx', script, JSON.stringify(given)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return portSaidBy(child);
  };
  const bound = await begin(port);
  const place = `127.0.0.1:${bound}`;
  const password = encodeURIComponent(tls?.users['admin'] ?? '');
  return {
    connectionString:
      secured.tls === undefined
        ? `esdb://${place}?tls=false`
        : `esdb://admin:${password}@${place}?tlsCAFile=${encodeURIComponent(secured.tls.caFile)}`,
    kill: () => ended(child, 'SIGKILL'),
    terminate: () => ended(child, 'SIGTERM'),
    start: async () => {
      await begin(bound);
    },
    stop: () => ended(child, 'SIGKILL'),
  };
};
