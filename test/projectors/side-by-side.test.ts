import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { appendEvents, loadStream } from '../../event-log/carry-out.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { handOf } from '../../main/identity.ts';
import { buildsModel } from '../../projectors/builds/row.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { openMongoReadModels } from '../../projectors/mongodb/open.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import { aFolder } from '../support/ingest-world.ts';
import { mongodbForTests } from '../support/mongod.ts';
import { must } from '../support/service.ts';
import type { Declare } from './read-models-suite.ts';
import { all } from './read-models-suite.ts';
import { planned } from './stories.ts';

const mongodb = mongodbForTests(test);
const script = fileURLToPath(new URL('../support/telling-child.ts', import.meta.url));
const stream = 'artifact-module:nodejs:20';

type Place = { readonly file: string; readonly rows: string; readonly log: EventLog };

/** A version of the service as a process of its own that keeps the builds told. */
const teller = (t: ExecutionContext, { file, rows }: Place, version: number, how = 'live') => {
  const args = ['--import=tsx', script, file, rows, String(version), how];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const said: Array<string> = [];
  const waiting = new Set<() => void>();
  createInterface(child.stdout).on('line', (line) => {
    said.push(line);
    waiting.forEach((look) => look());
  });
  const says = (fits: (line: string) => boolean): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (said.some(fits)) done();
      };
      waiting.add(look);
      look();
      void ended.then(() => fail(new Error(`version ${version} ended: ${said.join('\n')}`)));
    });
  return {
    ...{ said, says },
    go: () => void child.stdin.write('go\n'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
type Teller = ReturnType<typeof teller>;

/** The next build is planned; both tellers, where they are given, have told it then. */
const plan = async ({ log }: Place, build: number, ...tellers: ReadonlyArray<Teller>) => {
  const passing = { initial: null, evolve: () => null };
  const { head } = must(await loadStream(log)(stream, passing));
  const append = appendEvents(handOf(log, 'test'));
  must(await append(stream, head, { correlationId: 'm' }, [planned(build)]));
  const position = must(await log.head()());
  await Promise.all(tellers.map(({ says }) => says((line) => line.includes(position))));
};

/** Which versions told the rows that are shown, by build; asked as a frontend does, stamp first. */
const shownBy = async (models: ReadModels): Promise<ReadonlyArray<unknown>> => {
  must(await models.stamp()());
  const orderBy = [{ field: 'id' }];
  const found = await models.reader(buildsModel).find({ ...all, orderBy })();
  return must(found).map(({ body }) => body['toldBy']);
};

const complaints = ({ said }: Teller) => said.filter((line) => line.startsWith('report'));

type Store = {
  readonly rows: (t: ExecutionContext, folder: string) => Promise<string>;
  readonly open: (rows: string) => ReturnType<typeof openEmbeddedReadModels>;
};

const aPlace = async (t: ExecutionContext, { rows, open }: Store) => {
  const folder = aFolder(t);
  const file = join(folder, 'log.db');
  const log = must(await openEmbeddedLog({ file })());
  t.teardown(() => log.close());
  const place: Place = { file, log, rows: await rows(t, folder) };
  const opened = async (): Promise<ReadModels> => {
    const models = must(await open(place.rows)());
    t.teardown(() => models.close());
    return models;
  };
  return { place, opened };
};

/** Two versions of a model on one store, each in processes of its own. */
const sideBySide = (declare: Declare, name: string, store: Store): void => {
  const [older, newer] = [buildsModel.version, 99];

  declare(
    `${name}: a newer version builds its rows beside those of an older process, which writes and is read on until the switch, and after it`,
    async (t) => {
      const { place, opened } = await aPlace(t, store);
      const seen = await opened();
      const old = teller(t, place, older);
      await plan(place, 1, old);
      t.deepEqual(await shownBy(seen), [older]);

      const fresh = teller(t, place, newer, 'held');
      await fresh.says((line) => line === 'held');
      await plan(place, 2, old, fresh);
      t.deepEqual(await shownBy(seen), [older, older], 'readers stay with the older rows');

      fresh.go();
      await plan(place, 3, old, fresh);
      await fresh.says((line) => line === 'live');
      t.deepEqual(await shownBy(seen), [newer, newer, newer]);
      await plan(place, 4, old, fresh);
      t.deepEqual(await shownBy(seen), [newer, newer, newer, newer]);
      t.deepEqual(await shownBy(await opened()), await shownBy(seen));
      const where = [{ field: 'id', in: [4] }];
      t.is(
        must(await seen.reader(buildsModel).count(where)()),
        1,
        'an older reader finds by its own fields',
      );
      t.deepEqual([...complaints(old), ...complaints(fresh)], []);
    },
  );

  declare(
    `${name}: an older version that starts again goes on, and never takes readers back`,
    async (t) => {
      const { place, opened } = await aPlace(t, store);
      const seen = await opened();
      const old = teller(t, place, older);
      await plan(place, 1, old);
      const fresh = teller(t, place, newer);
      await fresh.says((line) => line === 'live');
      await old.kill();
      await fresh.kill();
      await plan(place, 2);

      const again = teller(t, place, older);
      const head = must(await place.log.head()());
      await again.says((line) => line.startsWith(`committed ${head}`));
      t.deepEqual(await shownBy(seen), [newer], 'the rows of the newer one wait for it');
      const next = teller(t, place, newer);
      await next.says((line) => line.startsWith(`committed ${head}`));
      t.deepEqual(await shownBy(seen), [newer, newer]);
      for (const { said } of [again, next]) {
        const committed = said.filter((line) => line.startsWith('committed'));
        t.deepEqual(committed, [`committed ${head} 2`], 'it goes on, and does not begin anew');
      }
    },
  );
};

sideBySide((title, run) => test(title, run), 'embedded', {
  rows: (_, folder) => Promise.resolve(join(folder, 'rows.db')),
  open: (file) => openEmbeddedReadModels({ file }),
});
sideBySide(mongodb.test, 'mongodb', {
  rows: (t) => mongodb.database(t),
  open: (url) => openMongoReadModels({ url }),
});
