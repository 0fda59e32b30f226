import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { verify } from '../../audit/verify.ts';
import { artifact } from '../../domain/artifact/artifact.ts';
import { branch } from '../../domain/branch/branch.ts';
import { compose } from '../../domain/compose/compose.ts';
import { image } from '../../domain/image/image.ts';
import { readEvent } from '../../domain/read-event.ts';
import { signing } from '../../domain/signing/signing.ts';
import { categoryOf } from '../../domain/stream-names.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { exported } from '../audit/a-log.ts';
import { aFolder } from '../support/ingest-world.ts';
import { eventsIn, logOf, putInto } from '../support/logs.ts';
import { must } from '../support/service.ts';
import { countsOf, toldFrom } from '../support/summary.ts';

const versions = ['0.1'];

const fixtures = new URL('../fixtures/logs/', import.meta.url);
const summaryOf = (version: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`${version}.summary.json`, fixtures)), 'utf8')) as {
    readonly digest: string;
    readonly events: number;
    readonly streams: number;
    readonly rows: Readonly<Record<string, unknown>>;
  };

const aLogOf = async (t: ExecutionContext, version: string) => {
  const folder = aFolder(t);
  const log = must(await openEmbeddedLog({ file: join(folder, 'log.db') })());
  t.teardown(() => log.close());
  await putInto(log, eventsIn(logOf(version)));
  return { log, folder };
};

/** Whether a saga can fold a stream of its category. */
const folds: Readonly<
  Record<string, (log: EventLog, stream: string) => Promise<E.Either<unknown, unknown>>>
> = {
  artifact: (log, stream) => loadStream(log)(stream, artifact),
  branch: (log, stream) => loadStream(log)(stream, branch),
  compose: (log, stream) => loadStream(log)(stream, compose),
  image: (log, stream) => loadStream(log)(stream, image),
  signing: (log, stream) => loadStream(log)(stream, signing),
  trigger: (log, stream) => loadStream(log)(stream, trigger),
};

for (const version of versions) {
  test(`a log of version ${version} is intact, and leaves as it came, byte for byte`, async (t) => {
    const { log } = await aLogOf(t, version);
    const verdict = must(await verify(log)());
    t.is(verdict.faultCount, 0);
    const { digest, events, streams } = summaryOf(version);
    t.like(verdict, { digest, events, streams });
    t.is(await exported(log), logOf(version));
  });

  test(`every event of version ${version} can be read, and every saga folds its streams`, async (t) => {
    const { log } = await aLogOf(t, version);
    const events = eventsIn(logOf(version));
    const unread = events.map(readEvent).filter(E.isLeft);
    t.deepEqual(unread, []);
    const streams = [...new Set(events.map(({ stream }) => stream))];
    const folded = new Map<string, number>();
    for (const stream of streams) {
      const category = categoryOf(stream).replace(/^dry_/u, '');
      const fold = folds[category];
      if (fold === undefined) continue;
      t.deepEqual(await fold(log, stream).then(E.isRight), true, stream);
      folded.set(category, (folded.get(category) ?? 0) + 1);
    }
    t.deepEqual([...folded.keys()].sort(), Object.keys(folds).sort());
  });

  test(`of a log of version ${version} the read models tell what that version told`, async (t) => {
    const { log, folder } = await aLogOf(t, version);
    const readModels = await toldFrom(log, folder);
    t.teardown(() => readModels.close());
    const { rows } = summaryOf(version);
    t.true(Object.keys(rows).length >= 10);
    t.like(await countsOf(readModels), rows);
  });
}
