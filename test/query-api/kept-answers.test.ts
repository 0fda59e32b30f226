import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { buildsModel } from '../../projectors/builds/row.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import type { Deps } from '../../query-api/deps.ts';
import { must } from '../projectors/read-models-suite.ts';
import { aBuild } from '../support/api-rows.ts';
import { apiOver, apiReaders } from '../support/stocked-api.ts';
import { writeRow } from './write-row.ts';

const child = new URL('./changing-child.ts', import.meta.url).pathname;

const write = (models: ReadModels, position: string, name: string, model = buildsModel) =>
  writeRow(models, model, position, aBuild({ id: 1, name }));

/** An API over a file, which holds build 1 by the name "first", and who else has the file open. */
const anApi = async (t: ExecutionContext, overrides: (models: ReadModels) => Partial<Deps>) => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-kept-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'rows.db');
  const open = async (): Promise<ReadModels> => {
    const models = await must(openEmbeddedReadModels({ file }));
    t.teardown(() => models.close());
    return models;
  };
  const [own, other] = [await open(), await open()];
  await write(own, '01', 'first');
  const app = apiOver(own, overrides(own));
  t.teardown(() => app.close());
  const ask = async (path: string, headers = {}) => {
    const { payload, headers: given } = await app.inject({ url: `/api/2/builds/${path}`, headers });
    return { name: /"name":"(\w+)"/.exec(payload)?.[1], payload, position: given['x-position'] };
  };
  const both = async (): Promise<ReadonlyArray<unknown>> => {
    const answers = [await ask('1'), await ask('')];
    return answers.map(({ name, position }) => [name, position]);
  };
  const twice = async (): Promise<ReadonlyArray<unknown>> => {
    await both();
    return both();
  };
  return { file, own, other, ask, both, twice };
};

const asTheyAre = (): Partial<Deps> => ({});
const neverChanging = (): Partial<Deps> => ({ stamp: () => TE.right('always the same') });
const expected = (name: string, position: string) => [
  [name, position],
  [name, position],
];

test('what another process has changed is answered new at once', async (t) => {
  const { file, twice, both } = await anApi(t, asTheyAre);
  t.deepEqual(await twice(), expected('first', '01'));
  const changing = spawn(process.execPath, ['--import=tsx', child, file, '02', 'second']);
  t.deepEqual(await once(changing, 'exit'), [0, null]);
  t.deepEqual(await both(), expected('second', '02'));
});

test('every change is answered new at once, whoever of one machine makes it', async (t) => {
  const { own, other, twice } = await anApi(t, asTheyAre);
  for (const [index, models] of [own, other, other, own, own, other].entries()) {
    await twice();
    const [position, name] = [`1${index}`, `name${index}`];
    await write(models, position, name);
    t.deepEqual(await twice(), expected(name, position));
  }
});

test('a generation that another process makes live is answered from at once', async (t) => {
  const { other, twice, both } = await anApi(t, asTheyAre);
  await twice();
  await write(other, '01', 'retold', { ...buildsModel, version: buildsModel.version + 1 });
  t.deepEqual(await both(), expected('retold', '01'));
});

test('a change while an answer is being made does not let it be given again', async (t) => {
  let interrupt: () => Promise<void> = () => Promise.resolve();
  const { other, ask } = await anApi(t, (models) => {
    const builds = models.reader(buildsModel);
    const get: typeof builds.get = (id) => async () => {
      const row = await builds.get(id)();
      await interrupt();
      return row;
    };
    return { readers: { ...apiReaders(models), builds: { ...builds, get } } };
  });
  await ask('1');
  interrupt = async () => {
    interrupt = () => Promise.resolve();
    await write(other, '02', 'second');
  };
  t.like(await ask('1'), { name: 'first', position: '01' });
  t.like(await ask('1'), { name: 'second', position: '02' });
});

test('as long as the stamp stays the same, what was asked twice is given again unread', async (t) => {
  const { other, twice, both, ask } = await anApi(t, neverChanging);
  await twice();
  await write(other, '02', 'second');
  t.deepEqual(await both(), expected('first', '01'));
  t.is((await ask('?name=second')).name, 'second');
});

test('a kept answer is given to nobody who asks under another address', async (t) => {
  const { ask } = await anApi(t, asTheyAre);
  const askers = [
    [{ host: 'one.example' }, 'http://one.example/api'],
    [{ host: 'two.example' }, 'http://two.example/api'],
    [{ host: 'one.example', 'x-scheme': 'https' }, 'https://one.example/api'],
    [{ host: 'one.example', 'x-script-name': '/below' }, 'http://one.example/below/api'],
    [{ host: 'one.example', 'x-forwarded-host': 'three.example' }, 'http://three.example/api'],
  ] as const;
  for (const round of [1, 2, 3]) {
    for (const [headers, start] of askers) {
      t.true((await ask('', headers)).payload.includes(`"first":"${start}/2/builds/?`), `${round}`);
    }
  }
});

test('a kept answer is the same to the byte as one newly made', async (t) => {
  const { ask } = await anApi(t, asTheyAre);
  for (const path of ['1', '', '?per_page=1&page=2', '1/attempts/']) {
    const made = await ask(path);
    t.deepEqual([await ask(path), await ask(path)], [made, made]);
  }
});
