// A backend that is killed at one exact point: `dying-backend.ts <config JSON> <point JSON>`.
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { startBackend } from '../../main/backend/backend.ts';
import { backfillImages } from '../../main/backend/backfill-images.ts';
import { backfillModules } from '../../main/backend/backfill-modules.ts';
import type { Clients } from '../../main/backend/clients.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import type { Config } from '../../main/config/settings.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import { openStores } from '../../main/open-stores.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Point } from './kill-points.ts';

const [configText = '', pointText = ''] = process.argv.slice(2);
const config = JSON.parse(configText) as Config;
const point = JSON.parse(pointText) as Point;

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

const around = <L, A>(isHere: boolean, call: () => TaskEither<L, A>): TaskEither<L, A> => {
  if (!isHere) return call();
  return async () => {
    if (point.when === 'before') die();
    const answer = await call()();
    if (E.isRight(answer)) die();
    return answer;
  };
};

const dyingLog = (log: EventLog): EventLog => ({
  ...log,
  append: (stream, expected, events) => {
    const isHere = events.some(({ type }) => type === point.at);
    return around(isHere, () => log.append(stream, expected, events));
  },
});

const dyingClients = ({ mbs, distGit, koji, odcs, bodhi }: Clients): Clients => ({
  bodhi,
  mbs: {
    ...mbs,
    submit: (order) => around(point.at === 'mbs.submit', () => mbs.submit(order)),
    get: (id) => around(point.at === 'mbs.get', () => mbs.get(id)),
    contents: (id) => around(point.at === 'mbs.contents', () => mbs.contents(id)),
  },
  distGit: {
    ...distGit,
    head: (...of) => around(point.at === 'git.head', () => distGit.head(...of)),
    bump: (bump) => around(point.at === 'git.bump', () => distGit.bump(bump)),
  },
  koji: {
    ...koji,
    buildContainer: (order) => around(point.at === 'koji.build', () => koji.buildContainer(order)),
    task: (id) => around(point.at === 'koji.task', () => koji.task(id)),
    rpmsOf: (id) => around(point.at === 'koji.rpms', () => koji.rpmsOf(id)),
    imageContents: (of) => around(point.at === 'koji.contents', () => koji.imageContents(of)),
  },
  odcs: {
    ...odcs,
    create: (order) => around(point.at === 'odcs.create', () => odcs.create(order)),
    get: (id) => around(point.at === 'odcs.get', () => odcs.get(id)),
  },
});

const opened = await openStores(config);
if (E.isLeft(opened)) throw new Error(opened.left.reason);
const stores = opened.right;
const hand = handOf(stores.log, 'test');
if (config.policy !== null) await adoptFirstPolicy(hand, config.policy);
const clients = clientsOf(config, process.env);
const filled = await backfillModules({ hand, mbs: clients.mbs }, () => undefined);
if (E.isLeft(filled)) throw new Error(JSON.stringify(filled.left));
const images = await backfillImages({ hand, koji: clients.koji }, () => undefined);
if (E.isLeft(images)) throw new Error(JSON.stringify(images.left));
const mortal = { ...stores, log: dyingLog(stores.log) };
startBackend(config, mortal, dyingClients(clients), loggerFor(config));
