import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { ModuleContents } from '../../domain/module/events.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { dependents, holding, moduleStream } from '../../projectors/module-index/ask.ts';
import { moduleIndexProjector } from '../../projectors/module-index/project.ts';
import { moduleIndexModel } from '../../projectors/module-index/row.ts';
import { at, must, writerOf } from './read-models-suite.ts';
import { foldInto, inStream, record } from './told.ts';

const contents = (rest: Partial<ModuleContents>): ModuleContents => ({
  ...{ type: 'ModuleContentsRecorded', buildId: 1, name: 'nodejs', stream: '20' },
  ...{ version: '20260101000000', context: 'c1', commit: 'aaa', completedAt: null },
  ...{ components: [{ package: 'npm', ref: '20' }], buildRequires: ['platform:f40'] },
  ...rest,
});
const rowsAfter = (...told: ReadonlyArray<Partial<ModuleContents>>) => {
  const history = told.map((rest, i) => inStream(`module-${i}`)(contents(rest)));
  return foldInto(moduleIndexProjector, new Map(), record(history));
};
const rowAfter = (...told: ReadonlyArray<Partial<ModuleContents>>) =>
  rowsAfter(...told).get('nodejs:20')?.body;

const yarn = { components: [{ package: 'yarn', ref: 'main' }], buildRequires: ['perl:5'] };
const newer = { version: '20260202000000', commit: 'bbb', ...yarn };

test('a module stream tells what its build holds and was built with', (t) => {
  t.deepEqual(rowAfter({}), {
    ...{ name: 'nodejs', stream: '20', version: '20260101000000', commit: 'aaa' },
    contexts: {
      c1: {
        ...{ buildId: 1, version: '20260101000000' },
        ...{ components: [{ package: 'npm', ref: '20' }], buildRequires: ['platform:f40'] },
      },
    },
    ...{ holds: ['npm@20'], buildRequires: ['platform:f40'] },
  });
});

test('the contexts of one commit stand together', (t) => {
  t.like(rowAfter({}, { context: 'c2', buildId: 2, ...yarn }), {
    ...{ holds: ['npm@20', 'yarn@main'], buildRequires: ['perl:5', 'platform:f40'] },
    contexts: { c1: { buildId: 1 }, c2: { buildId: 2 } },
  });
});

test('a newer commit takes the place of the older one with all its contexts', (t) => {
  const row = rowAfter({}, { context: 'c2', buildId: 2 }, { ...newer, buildId: 3 });
  t.like(row, { commit: 'bbb', holds: ['yarn@main'], buildRequires: ['perl:5'] });
  t.deepEqual(Object.keys(row?.['contexts'] ?? {}), ['c1']);
});

test('an older commit that is heard of later changes nothing', (t) => {
  t.deepEqual(rowAfter({ ...newer, buildId: 3 }, {}), rowAfter({ ...newer, buildId: 3 }));
});

test('a version with the base module in front is as new as its time says', (t) => {
  const old = { version: '3020250101000000', commit: 'old', buildId: 9 };
  t.like(rowAfter({}, old), { commit: 'aaa' });
});

test('of two builds of one version the later one counts', (t) => {
  t.like(rowAfter({}, { commit: 'ccc', buildId: 2 }), { commit: 'ccc' });
  t.like(rowAfter({ buildId: 2 }, { commit: 'ccc', buildId: 1 }), { commit: 'aaa' });
});

test('a context built again for one commit shows the later build', (t) => {
  t.like(rowAfter({}, { buildId: 5, ...yarn }), { contexts: { c1: { buildId: 5 } } });
  t.like(rowAfter({ buildId: 5 }, { ...yarn }), { holds: ['npm@20'] });
});

test('builds without a known commit belong together by version', (t) => {
  const row = rowAfter({ commit: null }, { commit: null, context: 'c2', buildId: 2 });
  t.like(row, { contexts: { c1: { buildId: 1 }, c2: { buildId: 2 } } });
  t.like(rowAfter({ commit: null }, { ...newer, commit: null }), { holds: ['yarn@main'] });
});

const anIndex = async (t: ExecutionContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-index-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const models = await must(openEmbeddedReadModels({ file: join(folder, 'rows.db') }));
  t.teardown(() => models.close());
  const rows = rowsAfter(
    {},
    { context: 'c2', buildId: 2, ...yarn },
    { name: 'angular', stream: '9', buildId: 3, commit: null },
    { name: 'old', stream: '1', buildId: 4, components: [{ package: 'npm', ref: '18' }] },
    { name: 'next', stream: '1', buildId: 5, components: [], buildRequires: ['nodejs:20'] },
  );
  const writer = await writerOf(models, moduleIndexModel);
  await must(writer.commit([...rows.values()], at(9)));
  return models.reader(moduleIndexModel);
};

test('who holds a package from a branch is found, as of the position of the index', async (t) => {
  const reader = await anIndex(t);
  const version = '20260101000000';
  t.deepEqual(await must(holding(reader)('npm', '20')), {
    asOf: at(9).position,
    modules: [
      { name: 'angular', stream: '9', version, buildId: 3, commit: null, context: 'c1' },
      { name: 'nodejs', stream: '20', version, buildId: 1, commit: 'aaa', context: 'c1' },
    ],
  });
  t.like(await must(holding(reader)('yarn', 'main')), { modules: [{ buildId: 2, context: 'c2' }] });
  t.deepEqual((await must(holding(reader)('npm', '2'))).modules, []);
});

test('who was built with a module stream is found', async (t) => {
  const found = await must(dependents(await anIndex(t))('nodejs:20'));
  t.is(found.asOf, at(9).position);
  t.deepEqual(
    found.modules.map(({ name }) => name),
    ['next'],
  );
});

test('one module stream is found by its name, or said to be unknown', async (t) => {
  const reader = await anIndex(t);
  t.like((await must(moduleStream(reader)('old', '1'))).module, { holds: ['npm@18'] });
  t.is((await must(moduleStream(reader)('old', '2'))).module, undefined);
});
