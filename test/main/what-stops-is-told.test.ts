import { fileURLToPath } from 'node:url';
import { Writable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { pino } from 'pino';
import { triggerNumbers } from '../../domain/stream-names.ts';
import type { FoldCache } from '../../event-log/carry-out.ts';
import { appendEvents } from '../../event-log/carry-out.ts';
import { startBackend } from '../../main/backend/backend.ts';
import { clientsOf } from '../../main/backend/clients.ts';
import { consumeMessages, noticedMessagesModel } from '../../main/backend/notice-consumer.ts';
import { loadConfig } from '../../main/config/load-config.ts';
import { adoptFirstPolicy } from '../../main/first-policy.ts';
import { startFrontend } from '../../main/frontend.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import { appendMessage } from '../../ingest/append-message.ts';
import { normalise } from '../../ingest/normal-form.ts';
import { buildsModel } from '../../projectors/builds/row.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { currentPolicyOf } from '../../sagas/current-policy.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import type { FindCompose } from '../../sagas/open-work.ts';
import type { Report } from '../../sagas/worker.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import { aFolder } from '../support/ingest-world.ts';
import { must, until } from '../support/service.ts';

const policy = fileURLToPath(new URL('../fixtures/policies/quick.yaml', import.meta.url));

const aHouse = async (t: ExecutionContext) => {
  const data = aFolder(t);
  const config = { ...must(loadConfig({}, { data })), port: 0, logLevel: 'silent' } as const;
  const stores = must(await openStores(config));
  t.teardown(() => stores.close());
  return { config, stores, hand: handOf(stores.log, 'test') };
};

type House = Awaited<ReturnType<typeof aHouse>>;

/** A message of a shape that no code of today reads. */
const hearUnreadable = async ({ hand }: House): Promise<void> => {
  const event = { type: 'MessageUnderstood', reading: 5 } as never;
  const context = { correlationId: 'bad' };
  must(await appendEvents(hand)('message-bad', undefined, context, [event]));
};

const hear = async ({ hand }: House, name: string): Promise<void> => {
  const message: unknown = JSON.parse(fixtureText(name));
  const normal = must(normalise(message as Parameters<typeof normalise>[0]));
  must(await appendMessage({ ...hand, transport: 'test' })(normal, 'real')());
};

const hearPush = (house: House): Promise<void> => hear(house, 'pagure.git.receive/spec');

type Told = Parameters<Report>[0];

const nobodys: FindCompose = () => TE.right(undefined);

const noticing = (
  t: ExecutionContext,
  { stores, hand }: House,
  findCompose = nobodys,
): ReadonlyArray<Told> => {
  const told: Array<Told> = [];
  const cache: FoldCache = new Map();
  const noticeTrigger = noticeTriggerWith(hand, cache, claimFrom(hand, triggerNumbers));
  const stop = new AbortController();
  const { log, logId, readModels } = stores;
  const run = consumeMessages(
    {
      ...{ log, logId, readModels, owner: 'test' },
      notice: { hand, cache, policy: currentPolicyOf(log), noticeTrigger, findCompose },
      report: (entry) => told.push(entry),
    },
    stop.signal,
  );
  t.teardown(async () => {
    stop.abort();
    await run;
  });
  return told;
};

const heardPushes = async ({ log }: Stores): Promise<number> =>
  must(await log.readAll('', { categories: ['branch'] }, 10)()).events.length;

test('a message that can never be noticed is told, kept and passed over', async (t) => {
  const house = await aHouse(t);
  must(await adoptFirstPolicy(house.hand, policy));
  await hearUnreadable(house);
  await hearPush(house);
  const told = noticing(t, house);
  const reader = house.stores.readModels.reader(noticedMessagesModel);
  await until(house, async () => must(await reader.checkpoint()()) !== undefined);

  t.is(await heardPushes(house.stores), 1);
  t.deepEqual(
    told.map(({ level, stream, code }) => [level, stream, code]),
    [['error', 'message-bad', 'unknown-event']],
  );
  t.regex(told[0]?.reason ?? '', /^message-bad@0 cannot be noticed and is passed over: /);
  const kept = must(await reader.get('message-bad@0')());
  t.is(kept?.body['code'], 'unknown-event');
});

test('a message left to a newer version that fails there for good holds up no other', async (t) => {
  const house = await aHouse(t);
  must(await adoptFirstPolicy(house.hand, policy));
  await hear(house, 'odcs.compose.state-changed/done');
  const { log, logId, readModels } = house.stores;
  const { events } = must(await log.readAll('', { types: ['MessageUnderstood'] }, 1)());
  const [left] = events;
  const id = `${left!.stream}@${left!.revision}`;
  const row = { id, pos: '0', body: { code: 'unknown-event', reason: 'Newer.' } };
  const older = must(await readModels.writer(noticedMessagesModel, 'older')());
  const checkpoint = { logId, position: left!.position, hash: left!.metadata.hash };
  must((await older?.commit([row], checkpoint)()) as never);
  must((await older?.release()()) as never);
  await hearPush(house);
  const told = noticing(t, house, () => TE.left({ code: 'bad-query', reason: 'Never.' }));
  const head = must(await log.head()());
  const reader = readModels.reader(noticedMessagesModel);
  await until(house, async () => (must(await reader.checkpoint()())?.position ?? '') >= head);

  t.is(await heardPushes(house.stores), 1);
  t.is(must(await reader.get(id)())?.body['code'], 'bad-query');
  t.deepEqual(
    told.map(({ level, code }) => [level, code]),
    [['error', 'bad-query']],
  );
});

test('no message is passed over while there is no policy', async (t) => {
  const house = await aHouse(t);
  await hearUnreadable(house);
  await hearPush(house);
  const told = noticing(t, house);
  const reader = house.stores.readModels.reader(noticedMessagesModel);
  await until(house, () => Promise.resolve(told.length > 0));

  t.is(told[0]?.level, 'warn');
  t.is(must(await reader.checkpoint()()), undefined);
  t.is(must(await reader.count([])()), 0);
});

test('no message is passed over because an index could not be asked at that moment', async (t) => {
  const house = await aHouse(t);
  must(await adoptFirstPolicy(house.hand, policy));
  await hear(house, 'odcs.compose.state-changed/done');
  let asked = 0;
  const told = noticing(t, house, () => {
    asked += 1;
    return asked > 1
      ? TE.right(undefined)
      : TE.left({ code: 'store-locked', reason: 'Somebody else writes.' });
  });
  const reader = house.stores.readModels.reader(noticedMessagesModel);
  await until(house, async () => must(await reader.checkpoint()()) !== undefined);

  t.is(asked, 2);
  t.is(must(await reader.count([])()), 0);
  t.deepEqual(
    told.map(({ level, code }) => [level, code]),
    [['warn', 'store-locked']],
  );
});

test('a read model that has given up makes the service not ready, and is logged as fatal', async (t) => {
  const { config, stores } = await aHouse(t);
  const writer = must(await stores.readModels.writer(buildsModel, 'test')());
  must((await writer?.commit([], { logId: 'theirs', position: 'p', hash: 'h' })()) as never);
  must((await writer?.release()()) as never);
  const lines: Array<string> = [];
  const write = (line: Buffer, _: string, done: () => void): void => {
    lines.push(line.toString());
    done();
  };
  const logger = {
    ...loggerFor(config),
    pino: pino({ level: 'fatal' }, new Writable({ write })),
  };
  const backend = startBackend(config, stores, clientsOf(config, {}), logger);
  t.teardown(() => backend.stop(10_000));
  await until({ stores }, () => Promise.resolve(backend.faults().length > 0));

  const frontend = must(
    await startFrontend(config, stores, loggerFor(config), { faults: backend.faults }),
  );
  t.teardown(() => frontend.stop());
  const answer = await fetch(`${frontend.url}/readyz`);
  t.is(answer.status, 503);
  const said = (await answer.json()) as {
    readonly reasons: ReadonlyArray<string>;
    readonly projections: ReadonlyArray<{ readonly model: string }>;
  };
  t.is(said.reasons.length, 1);
  t.regex(said.reasons[0] ?? '', /^The read model builds has stopped .*foreign-checkpoint.*theirs/);
  t.true(said.projections.some(({ model }) => model === 'noticed_messages'));
  t.is(lines.length, 1);
  t.regex(lines[0] ?? '', /"level":60.*The read model builds has stopped for good/);
});
