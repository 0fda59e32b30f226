import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as E from 'fp-ts/lib/Either.js';
import type { SandboxAddresses } from './config/sandbox-config.ts';

export type SandboxProcess = SandboxAddresses & {
  readonly url: string;
  readonly stop: () => Promise<void>;
};

export type SandboxRequest = {
  readonly folder: string;
  readonly port: number;
  readonly pace: number;
  readonly fresh: boolean;
};

const source = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const script = fileURLToPath(new URL(`../ops/sandbox/cli.${source}`, import.meta.url));

type Announcement = Omit<SandboxProcess, 'stop'> & { readonly sandbox: string };

const endedEarly = (how: string): string =>
  `freshmaker: the sandbox has ended (${how}), and no build system answers. Stop and start again: everything goes on where it was.\n`;

/** Starts the sandbox as a process of its own, which ends when this one does. */
export const startSandboxProcess = async ({
  folder,
  port,
  pace,
  fresh,
}: SandboxRequest): Promise<
  E.Either<{ readonly code: string; readonly reason: string }, SandboxProcess>
> => {
  const args = [script, '--data', folder, '--port', String(port), '--pace', String(pace)];
  const flags = ['--with-parent', ...(fresh ? ['--fresh'] : [])];
  const child = spawn(process.execPath, [...process.execArgv, ...args, ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // Ctrl-C is for this process, which then stops the sandbox last
  });
  let hasStarted = false;
  let complaint = '';
  child.stderr.on('data', (bytes: Buffer) => {
    complaint = `${complaint}${bytes.toString('utf8')}`.slice(-2000);
    if (hasStarted) process.stderr.write(bytes);
  });
  let isStopping = false;
  const ended = new Promise<void>((done) => {
    child.once('exit', (code, signal) => {
      if (hasStarted && !isStopping) process.stderr.write(endedEarly(signal ?? `exit ${code}`));
      done();
    });
  });
  const saidAll = new Promise<undefined>((done) => child.once('close', () => done(undefined)));
  const announced = new Promise<Announcement>((done) => {
    createInterface({ input: child.stdout }).once('line', (line) => {
      done(JSON.parse(line) as Announcement);
    });
  });
  const first = await Promise.race([announced, saidAll]);
  if (first === undefined) {
    const why = complaint.trim().replace(/--port\b/, '--sandbox-port');
    return E.left({ code: 'no-sandbox', reason: `The sandbox did not start. ${why}` });
  }
  hasStarted = true;
  const { url, mbsUrl, gitUrl, feedUrl, kojiUrl, odcsUrl, bodhiUrl, datagrepperUrl } = first;
  const services = { mbsUrl, gitUrl, feedUrl, kojiUrl, odcsUrl, bodhiUrl, datagrepperUrl };
  const stop = async (): Promise<void> => {
    isStopping = true;
    child.kill('SIGTERM');
    await ended;
  };
  return E.right({ url, ...services, stop });
};
