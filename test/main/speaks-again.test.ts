import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { appendMessage } from '../../ingest/append-message.ts';
import type { Json } from '../../domain/json.ts';
import { normaliseAnything } from '../../ingest/normal-form.ts';
import { startCatchUp } from '../../main/backend/sources/catch-up.ts';
import { handOf } from '../../main/identity.ts';
import { loggerFor } from '../../main/logger.ts';
import type { Stores } from '../../main/open-stores.ts';
import { openStores } from '../../main/open-stores.ts';
import { minutesAgo } from '../support/catch-up-world.ts';
import { eventsOf } from '../support/ingest-world.ts';
import { aSandbox, post, tempFolder } from '../support/sandbox.ts';
import { configFor, must, until } from '../support/service.ts';

const messageOf = (id: string, at: string) => ({
  ...{ id, topic: 'some.thing', body: {}, headers: { 'sent-at': at } },
});

/** A live source brings a message, `seconds` from now by the clock of the log. */
const speak = async ({ log }: Stores, transport: string, id: string, seconds: number) => {
  const now = (): string => new Date(Date.now() + seconds * 1000).toISOString();
  const text = JSON.stringify(messageOf(id, now()));
  const message = normaliseAnything(JSON.parse(text) as Json, { text });
  must(await appendMessage({ ...handOf(log, 'test'), now, transport })(message, 'real')());
};

const runsIn = async ({ log }: Stores) =>
  (await eventsOf(log, 'catchup-datagrepper')).filter(({ type }) => type === 'CatchUpBegun');

const completed = async ({ log }: Stores): Promise<number> =>
  (await eventsOf(log, 'catchup-datagrepper')).filter(({ type }) => type === 'CatchUpCompleted')
    .length;

test('what was lost while a live source was silent is fetched when it speaks again, and not before', async (t) => {
  t.timeout(120_000);
  const sandbox = await aSandbox(t);
  const config = configFor(sandbox, tempFolder(t), {
    ...{ catchUpTopics: ['#'], catchUpAfter: 3600, catchUpOverlap: 3600 },
  });
  const stores = must(await openStores(config));
  const logger = loggerFor(config);
  const stop = new AbortController();
  const beats: Array<string> = [];
  const beatOf = (part: string) => () => void beats.push(part);
  const parts = startCatchUp(
    { config, stores, logger, beatOf, heard: () => undefined },
    stop.signal,
  );
  t.teardown(async () => {
    stop.abort();
    await Promise.all(parts.map(([, run]) => run));
    await logger.close();
    await stores.close();
  });
  t.is(parts.length, 1);
  await until({ stores }, async () => (await completed(stores)) === 1);
  // The first beat may be the one before the watch begins, the second is not.
  const beaten = async (times: number): Promise<void> => {
    const so = beats.length;
    await until({ stores }, () => Promise.resolve(beats.length >= so + times));
  };
  await beaten(2);

  await post(sandbox, '/sandbox/messages', { messages: [messageOf('lost', minutesAgo(1))] });
  await speak(stores, 'feed', 'soon', 60);
  await speak(stores, 'elsewhere', 'not-live', 7300);
  // By then a run would have begun: one beat before the page is read, one before the run, one after.
  await beaten(4);
  t.is((await runsIn(stores)).length, 1);
  await speak(stores, 'feed', 'after an hour', 3700 + 60);
  await until({ stores }, async () => (await completed(stores)) === 2);
  t.is((await eventsOf(stores.log, 'message-lost')).length, 2);
  t.deepEqual(
    (await runsIn(stores)).map(({ data }) => data['why']),
    ['gap', 'gap'],
  );
});

test('without datagrepper nothing is caught up with', async (t) => {
  const sandbox = await aSandbox(t);
  const config = configFor(sandbox, tempFolder(t), { datagrepperUrl: null });
  const stores = must(await openStores(config));
  t.teardown(() => stores.close());
  const parts = startCatchUp(
    {
      config,
      stores,
      logger: loggerFor(config),
      beatOf: () => () => undefined,
      heard: () => undefined,
    },
    new AbortController().signal,
  );
  t.deepEqual(parts, []);
  t.true(E.isRight(await stores.log.head()()));
});
