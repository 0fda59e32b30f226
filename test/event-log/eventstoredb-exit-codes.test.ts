import test, { type ExecutionContext } from 'ava';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { certificateFor, hasOpenssl } from '../support/eventstore/certificates.ts';
import { openCluster } from '../support/eventstore/cluster.ts';
import { openStandIn, type StandInOptions } from '../support/eventstore/stand-in.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

type Ended = { readonly code: number | null; readonly said: string };

/** `freshmaker backend` on this connection string, to its end. */
const backend = async (t: ExecutionContext, eventStore: string): Promise<Ended> => {
  const data = await mkdtemp(join(tmpdir(), 'freshmaker-exit-'));
  t.teardown(() => rm(data, { recursive: true, force: true }));
  const env = {
    PATH: process.env['PATH'],
    FRESHMAKER_DATA: data,
    FRESHMAKER_EVENTSTORE: eventStore,
  };
  const child = spawn(process.execPath, ['--import=tsx', cli, 'backend'], { env });
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
};

const serverOf = async (t: ExecutionContext, options: StandInOptions): Promise<string> => {
  const standIn = await openStandIn(options);
  t.teardown(standIn.close);
  return standIn.connectionString;
};

const users = { admin: 'changeit', auditor: 'looks', packager: 'packs' };

const secured = (t: ExecutionContext): Promise<string> =>
  serverOf(t, { certificate: certificateFor(), users });

const withUser = (connectionString: string, login: string): string =>
  connectionString.replace('//', `//${login}@`);

const withoutAuthority = (connectionString: string): string =>
  connectionString.replace(/\?.*$/, '');

type Case = {
  readonly what: string;
  readonly address: (t: ExecutionContext) => Promise<string>;
  readonly code: number;
  readonly says: RegExp;
};

const plainCases: ReadonlyArray<Case> = [
  {
    what: 'a user named without TLS',
    address: () => Promise.resolve('esdb://admin:s3cret@127.0.0.1:1?tls=false'),
    code: 2,
    says: /sends no credentials; remove tls=false/,
  },
  {
    what: 'a connection string that is none',
    address: () => Promise.resolve('http://127.0.0.1:2113'),
    code: 2,
    says: /cannot be used.*its form is esdb:/,
  },
  {
    what: 'nobody at the port',
    address: () => Promise.resolve('esdb://127.0.0.1:1?tls=false'),
    code: 4,
    says: /is the server up/,
  },
  {
    what: 'a server too old',
    address: (t) => serverOf(t, { version: '22.10.5' }),
    code: 4,
    says: /23\.10 or newer is needed/,
  },
  {
    what: 'a limit of appends too small',
    address: (t) => serverOf(t, { maxAppendSize: 65_536 }),
    code: 4,
    says: /only 65536 bytes.*MaxAppendSize/,
  },
  {
    what: 'a cluster without a leader',
    address: async (t) => {
      const cluster = await openCluster();
      t.teardown(cluster.close);
      cluster.loseMajority();
      return cluster.connectionString;
    },
    code: 4,
    says: /the cluster has no leader/,
  },
];

const secureCases: ReadonlyArray<Case> = [
  {
    what: 'a wrong password',
    address: async (t) => withUser(await secured(t), 'admin:s3cret'),
    code: 4,
    says: /does not accept the user or the password/,
  },
  {
    what: 'a user who may not read $all',
    address: async (t) => withUser(await secured(t), 'packager:packs'),
    code: 4,
    says: /\$all.*\$admins/,
  },
  {
    what: 'a user who may not append',
    address: async (t) => withUser(await secured(t), 'auditor:looks'),
    code: 4,
    says: /does not let the user.*append/,
  },
  {
    what: 'an unknown authority',
    address: async (t) => withUser(withoutAuthority(await secured(t)), 'admin:changeit'),
    code: 4,
    says: /authority with tlsCAFile/,
  },
  {
    what: 'TLS off where the server has it on',
    address: async (t) => `${withoutAuthority(await secured(t))}?tls=false`,
    code: 4,
    says: /remove tls=false/,
  },
];

const declare = ({ what, address, code, says }: Case, skipped: string): void => {
  const title = `freshmaker backend ends with ${code} on ${what}, and says what to do`;
  if (skipped !== '') {
    test.skip(`${title} (skipped: ${skipped})`, () => undefined);
    return;
  }
  test.serial(title, async (t) => {
    t.timeout(120_000);
    const ended = await backend(t, await address(t));
    t.is(ended.code, code, ended.said);
    t.regex(ended.said, says);
    t.notRegex(ended.said, /s3cret|at .*\.ts:/);
  });
};

for (const one of plainCases) declare(one, '');
for (const one of secureCases) declare(one, hasOpenssl ? '' : 'no openssl');
