import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import type { Killable } from './killable.ts';
import type { Certificates } from './rabbitmq-certificates.ts';
import { makeCertificates } from './rabbitmq-certificates.ts';

export type RabbitRequest = {
  /** A folder of its own; what stands there is gone on with. */
  readonly folder: string;
  /** Any free port unless given. */
  readonly port?: number;
  /** Also listens with TLS, and wants client certificates there (SASL EXTERNAL, user = CN). */
  readonly tls?: boolean;
  /** More lines of rabbitmq.conf. */
  readonly settings?: ReadonlyArray<string>;
};

export type Rabbit = Killable & {
  /** As an administrator, on the virtual host `/`. */
  readonly url: string;
  /** As whoever the certificate names, on `/`; only with `tls`. */
  readonly tls?: Certificates & { readonly url: string };
  /** What rabbitmqctl answers; throws with what it complains about. */
  readonly ctl: (...args: ReadonlyArray<string>) => Promise<string>;
  /** Makes a virtual host that the administrator may do everything in; its URL. */
  readonly vhost: (name: string) => Promise<string>;
};

const administrator = 'freshmaker';
/** The CN of the client certificate, and a user who may do everything in every host of `vhost`. */
export const certifiedUser = 'certified';

// Debian's wrapper in /usr/sbin runs it as another user, who may not write into our folder.
const places = [
  ...[process.env['FRESHMAKER_TEST_RABBITMQ'], '/usr/lib/rabbitmq/bin/rabbitmq-server'],
  ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'rabbitmq-server')),
  '/usr/sbin/rabbitmq-server',
].filter((place): place is string => place !== undefined && place !== '');

const isThere = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The server that tests may start; undefined where none is installed. */
export const rabbitForTests = (): string | undefined => places.find(isThere);

/** Why tests are skipped that need a RabbitMQ. */
export const noRabbit =
  'no rabbitmq-server on PATH or in /usr/sbin; FRESHMAKER_TEST_RABBITMQ may name it';

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const plugins = (tls: boolean): string => `[${tls ? 'rabbitmq_auth_mechanism_ssl' : ''}].\n`;

const tlsLines = (port: number, { authority, server }: Certificates): ReadonlyArray<string> => [
  `listeners.ssl.1 = 127.0.0.1:${port}`,
  ...['auth_mechanisms.1 = PLAIN', 'auth_mechanisms.2 = EXTERNAL'],
  `ssl_options.cacertfile = ${authority}`,
  `ssl_options.certfile = ${server.certificate}`,
  `ssl_options.keyfile = ${server.key}`,
  ...['ssl_options.verify = verify_peer', 'ssl_options.fail_if_no_peer_cert = true'],
  'ssl_cert_login_from = common_name',
];

/** Ends what was started here, also when the tests end in the middle. */
const andChildren = (child: ChildProcess): ChildProcess => {
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.removeListener('exit', end));
  return child;
};

const gone = async (child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> => {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
};

type Ports = { readonly amqp: number; readonly tls: number; readonly dist: number };

const environmentOf = (folder: string, { amqp, dist }: Ports, epmd: number) => ({
  ...{ PATH: process.env['PATH'], HOME: folder, LANG: 'C.UTF-8', RABBITMQ_HOME: undefined },
  RABBITMQ_NODENAME: `freshmaker${amqp}@localhost`,
  RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
  RABBITMQ_LOG_BASE: join(folder, 'log'),
  RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
  RABBITMQ_CONF_ENV_FILE: join(folder, 'env.conf'),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
  RABBITMQ_DIST_PORT: String(dist),
  ...{ ERL_EPMD_PORT: String(epmd), ERL_EPMD_ADDRESS: '127.0.0.1' },
  // Only then the script becomes the server, so that a signal reaches it.
  RUNNING_UNDER_SYSTEMD: 'true',
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none',
  RABBITMQ_CTL_ERL_ARGS: '+S 1:1 +sbwt none',
});

const prepare = (
  { folder, tls = false, settings = [] }: RabbitRequest,
  ports: Ports,
): Certificates | undefined => {
  mkdirSync(folder, { recursive: true });
  const certificates = tls ? makeCertificates(folder, certifiedUser) : undefined;
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    ...[`default_user = ${administrator}`, `default_pass = ${administrator}`],
    ...['loopback_users = none', 'disk_free_limit.absolute = 1MB'],
    ...(certificates === undefined ? [] : tlsLines(ports.tls, certificates)),
    ...settings,
  ];
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  writeFileSync(join(folder, 'plugins'), plugins(tls));
  writeFileSync(join(folder, 'env.conf'), '');
  return certificates;
};

const patience = 120_000;

const answers = async (url: string): Promise<boolean> => {
  try {
    await (await connect(url, { timeout: 5000 })).close();
    return true;
  } catch {
    return false;
  }
};

/** Resolves when the broker lets its administrator in; throws what it said when it ends before. */
const ready = async (url: string, server: ChildProcess, folder: string): Promise<void> => {
  const deadline = performance.now() + patience;
  while (!(await answers(url))) {
    const said = (): string => readFileSync(join(folder, 'said'), 'utf8').slice(-2000);
    if (server.exitCode !== null) throw new Error(`rabbitmq-server has ended: ${said()}`);
    if (performance.now() > deadline) throw new Error(`rabbitmq-server is not ready: ${said()}`);
    await sleep(100);
  }
};

/**
 * Starts a RabbitMQ of its own: node, port mapper, cookie, folder and ports. Resolves when it lets
 * clients in. A start takes some seconds: one per test file, and a virtual host for each test.
 */
export const startRabbit = async (request: RabbitRequest): Promise<Rabbit> => {
  const { folder } = request;
  const command = rabbitForTests();
  if (command === undefined) throw new Error(noRabbit);
  const ports = {
    ...{ amqp: request.port ?? (await freePort()), tls: await freePort(), dist: await freePort() },
  };
  const epmdPort = await freePort();
  const certificates = prepare(request, ports);
  const env = environmentOf(folder, ports, epmdPort);
  const epmd = andChildren(spawn('epmd', ['-port', String(epmdPort)], { env, stdio: 'ignore' }));
  const base = `amqp://${administrator}:${administrator}@127.0.0.1:${ports.amqp}`;
  const ctl: Rabbit['ctl'] = async (...args) => {
    const all = ['--silent', ...args];
    return (await promisify(execFile)(join(dirname(command), 'rabbitmqctl'), all, { env })).stdout;
  };
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const shell = 'exec "$0" > "$1" 2>&1';
    const args = ['-c', shell, command, join(folder, 'said')];
    server = andChildren(spawn('/bin/sh', args, { env, cwd: folder, stdio: 'ignore' }));
    await ready(`${base}/%2F`, server, folder);
  };
  const stop = async (): Promise<void> => {
    await gone(server, 'SIGKILL');
    await gone(epmd, 'SIGKILL');
  };
  try {
    await start();
    if (certificates !== undefined) {
      await ctl('add_user', certifiedUser, 'unused').catch(() => undefined); // on a second start
      await ctl('set_permissions', certifiedUser, '.*', '.*', '.*');
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const vhost = async (name: string): Promise<string> => {
    await ctl('add_vhost', name);
    for (const user of [administrator, ...(certificates === undefined ? [] : [certifiedUser])]) {
      await ctl('set_permissions', '-p', name, user, '.*', '.*', '.*');
    }
    return `${base}/${encodeURIComponent(name)}`;
  };
  return {
    url: `${base}/%2F`,
    ...(certificates === undefined
      ? {}
      : { tls: { ...certificates, url: `amqps://127.0.0.1:${ports.tls}/%2F` } }),
    ...{ ctl, vhost, start, stop },
    kill: () => gone(server, 'SIGKILL'),
  };
};
