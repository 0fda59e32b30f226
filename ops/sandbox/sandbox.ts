import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { startAmqpPublisher } from './bus/amqp-publisher.ts';
import { openBus, type Bus } from './bus/bus.ts';
import { isDropped, openMisbehaviour } from './control/misbehaviour.ts';
import { openArchive } from './datagrepper/archive.ts';
import type { Distribution } from './distribution/distribution.ts';
import { inventedDistribution } from './distribution/invented.ts';
import { openDocuments } from './documents.ts';
import { openDistGit } from './git/dist-git.ts';
import { openSpool } from './git/spool.ts';
import { openRequestLog } from './http/request-log.ts';
import { handler, type ServerDeps } from './http/server.ts';
import { openKojiPart } from './koji/open.ts';
import { RAWHIDE } from './koji/port.ts';
import { startEngine, type Pacing } from './mbs/engine.ts';
import { openRows } from './mbs/rows.ts';
import { seedModules } from './mbs/seed.ts';
import type { Compose } from './odcs/compose.ts';
import { startPace } from './pace.ts';
import { composeFacts, openServices, type Services } from './services.ts';
import { openStore, wipe } from './store.ts';

export type SandboxOptions = Partial<Pacing> & {
  /** Folder of its world; created when missing. */
  readonly data: string;
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Begins a new world. */
  readonly fresh?: boolean;
  /** Seconds between invented changes; 0 means none. */
  readonly pace?: number;
  /** Bearer token that MBS and ODCS want for writing; absent means none. */
  readonly token?: string;
  /** RabbitMQ that the bus is published to as well. */
  readonly amqp?: string;
  readonly distribution?: Distribution;
  readonly warn?: (text: string) => void;
};

export type Sandbox = {
  readonly url: string;
  /** Base of MBS, without a version. */
  readonly mbsUrl: string;
  /** Base of dist-git over HTTP: `<gitUrl>/<namespace>/<repo>.git`. */
  readonly gitUrl: string;
  /** The folder of the same bare repositories, for file paths. */
  readonly gitFolder: string;
  readonly feedUrl: string;
  readonly kojiUrl: string;
  /** Base of ODCS's API, with its version: `<odcsUrl>/composes/`. */
  readonly odcsUrl: string;
  readonly bodhiUrl: string;
  readonly datagrepperUrl: string;
  readonly close: () => Promise<void>;
};

/** Milliseconds; long, lest a connection be closed just when a slow client uses it again. */
const KEEP_ALIVE = 120_000;

const listen = async (server: Server, port: number, host: string): Promise<number> =>
  new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, () => done((server.address() as AddressInfo).port));
  });

type World = {
  readonly deps: ServerDeps;
  readonly services: Services;
  readonly shut: () => Promise<void>;
};

const pacing = (options: SandboxOptions): Pacing => ({
  buildTime: options.buildTime ?? 3000,
  stepTime: options.stepTime ?? 200,
  failRate: options.failRate ?? 0,
});

const releasesOf = ({ platforms }: Distribution): ReadonlyArray<string> =>
  [...new Set([...platforms, RAWHIDE])].toSorted();

const openWorld = (options: SandboxOptions, closing: AbortSignal, base: () => string): World => {
  const distribution = options.distribution ?? inventedDistribution;
  const data = resolve(options.data);
  const warn = options.warn ?? (() => undefined);
  if (options.fresh === true) wipe(data);
  const store = openStore(data);
  const misbehaviour = openMisbehaviour(store);
  const bus: Bus = openBus(store, ({ id }) => isDropped(misbehaviour.list(), id));
  const distGit = openDistGit(data, distribution);
  const rows = openRows(store);
  seedModules(store, rows, distGit, distribution);
  const { modules, images = [] } = distribution;
  for (const { name } of modules) distGit.ensure({ namespace: 'modules', repo: name });
  for (const { name } of images) distGit.ensure({ namespace: 'container', repo: name });
  const spool = openSpool({ store, bus, distGit, warn });
  const requests = openRequestLog(store);
  const composes = openDocuments<Compose>(store, 'compose');
  const releases = releasesOf(distribution);
  const { koji, hub, close } = openKojiPart({
    ...{ store, bus, rows, distGit, distribution, misbehaviour, releases, closing, warn },
    ...{ pacing: pacing(options), composes: composeFacts(composes) },
  });
  const services = openServices({
    ...{ store, bus, rows, distGit, misbehaviour, koji, composes, base },
    ...{ pacing: pacing(options), token: options.token, releases },
  });
  const engine = startEngine({ store, rows, bus, distGit, misbehaviour, pacing: pacing(options) });
  const { shipping } = services;
  const invented = { store, bus, distGit, spool, distribution, shipping, warn };
  const pace = startPace(invented, options.pace ?? 0);
  const publisher =
    options.amqp === undefined
      ? undefined
      : startAmqpPublisher({ url: options.amqp, store, bus, warn, closing });
  const knownStreams = (module: string): ReadonlyArray<string> => [
    ...new Set(
      rows
        .all()
        .filter(({ name }) => name === module)
        .map(({ stream }) => stream),
    ),
  ];
  const parts = { rows, engine, distGit, misbehaviour };
  const deps: ServerDeps = {
    mbs: { ...parts, knownStreams, closing, token: options.token },
    control: {
      ...{ ...parts, distribution, spool, requests, koji },
      ...{ shipping, odcs: services.odcs, bus, atomically: store.atomically },
    },
    ...{ odcs: services.odcs, bodhi: services.bodhi, koji: hub },
    datagrepper: { archive: openArchive(store), misbehaviour },
    bus,
    gitRoot: join(data, 'git'),
    warn,
  };
  const shut = async (): Promise<void> => {
    await pace.stop();
    engine.close();
    services.close();
    await close();
    await spool.close();
    await publisher?.close();
    store.close();
  };
  return { deps, services, shut };
};

/** Opens, or goes on with, the world in `data` and serves it on one loopback port. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const closing = new AbortController();
  let url = '';
  const { deps, services, shut } = openWorld(options, closing.signal, () => url);
  const handle = handler(deps);
  const server = createServer((request, response) => void handle(request, response));
  server.keepAliveTimeout = KEEP_ALIVE;
  const host = options.host ?? '127.0.0.1';
  try {
    const port = await listen(server, options.port ?? 0, host);
    url = `http://${host}:${port}`;
    services.start();
    await deps.control.spool.sweep(); // pushes that came while it was down
    const close = async (): Promise<void> => {
      closing.abort();
      deps.bus.close();
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      await shut();
    };
    const mbsUrl = `${url}/module-build-service`;
    const git = { gitUrl: `${url}/git`, gitFolder: deps.gitRoot };
    const builders = { kojiUrl: `${url}/kojihub`, odcsUrl: `${url}/odcs/api/1` };
    const bodhiUrl = `${url}/bodhi`;
    const others = { bodhiUrl, feedUrl: `${url}/bus/feed`, datagrepperUrl: `${url}/datagrepper` };
    return { url, mbsUrl, ...git, ...builders, ...others, close };
  } catch (error) {
    await shut();
    throw error;
  }
};
