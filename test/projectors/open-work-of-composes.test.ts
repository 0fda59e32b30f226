import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { composeOf, composeStream } from '../../domain/stream-names.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import { composeStreamOf, waitingFor } from '../../projectors/open-work/ask.ts';
import { openWork } from '../../projectors/open-work/project.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import type { Told } from './told.ts';
import { taken } from '../domain/artifact/an-artifact.ts';
import * as a from '../domain/compose/a-compose.ts';
import { at, must, writerOf } from './read-models-suite.ts';
import { bodiesAfter, foldInto, inStream, record } from './told.ts';

const stream = composeStream('real', a.want.trigger);
const told = (...events: ReadonlyArray<DomainEvent>): ReadonlyArray<Told> =>
  events.map(inStream(stream));
const rowAfter = (...events: ReadonlyArray<DomainEvent>) =>
  bodiesAfter(openWork, told(...events))[stream];

test('a compose has work from when it is wanted until it is released', (t) => {
  t.like(rowAfter(a.wanted), { saga: 'compose', due: '', composeId: null });
  t.like(rowAfter(a.wanted, a.intended(), a.submitted()), { due: '', composeId: 7 });
  t.like(rowAfter(...a.untilReady), { due: '', composeId: 7 });
  t.like(rowAfter(...a.untilReady, a.released), { due: null, composeId: null });
});

test('a retry is due when it was scheduled for, and what was given up is not due', (t) => {
  const failed = [a.wanted, a.intended(), a.failed(1, null, 'odcs-unavailable')];
  t.like(rowAfter(...failed, a.retry(2)), { due: a.retryAt });
  t.like(rowAfter(...failed, a.givenUp('odcs-unavailable')), { due: null, composeId: null });
});

test('a renewal under another id is found by the new id', (t) => {
  const history = [...a.untilReady, a.intended({ attempt: 2, renews: 7 })];
  t.like(rowAfter(...history), { composeId: 7 });
  t.like(rowAfter(...history, a.submitted(2, 8)), { composeId: 8 });
});

const anIndex = async (t: ExecutionContext, history: ReadonlyArray<Told>) => {
  const folder = mkdtempSync(join(tmpdir(), 'freshmaker-work-'));
  const models = await must(openEmbeddedReadModels({ file: join(folder, 'models.db') }));
  t.teardown(async () => {
    await models.close();
    rmSync(folder, { recursive: true });
  });
  const rows = [...foldInto(openWork, new Map(), record(history)).values()];
  await must((await writerOf(models, openWorkModel)).commit(rows, at(9)));
  return models.reader(openWorkModel);
};

test('a message about a compose finds its stream by the id, while the compose is followed', async (t) => {
  const other = inStream('compose-other');
  const others = [a.wanted, a.intended(), a.submitted(1, 9)].map(other);
  const open = await anIndex(t, [...others, ...told(...a.untilReady)]);
  t.is(await must(composeStreamOf(open)(7)), stream);
  t.is(await must(composeStreamOf(open)(9)), 'compose-other');
  t.is(await must(composeStreamOf(open)(8)), undefined);
  const over = await anIndex(t, told(...a.untilReady, a.released));
  t.is(await must(composeStreamOf(over)(7)), undefined);
});

test('who waits for a compose is found by its stream', async (t) => {
  const claim = taken(4, 1, { waitsFor: [composeOf(a.want.trigger), 'image:base:f28'] });
  const waits = inStream('artifact-image:oak:f28')(claim);
  t.deepEqual(await must(waitingFor(await anIndex(t, [waits]))([stream])), [
    'artifact-image:oak:f28',
  ]);
});
