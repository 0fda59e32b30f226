import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { LogDeps } from '../../main/commands/log.ts';
import { logExport, logVerify } from '../../main/commands/log.ts';
import { aWrittenLog } from '../audit/a-log.ts';
import { aFolder } from '../support/ingest-world.ts';

const atWork = async (t: ExecutionContext, changes: Partial<LogDeps> = {}) => {
  const { file } = await aWrittenLog(t);
  const said = { out: '', err: '' };
  const deps: LogDeps = {
    openLog: () => openEmbeddedLog({ file }),
    stdin: Readable.from([]),
    stdout: (text) => {
      said.out += text;
      return Promise.resolve();
    },
    stderr: (text) => void (said.err += text),
    isTerminal: false,
    clock: () => 0,
    ...changes,
  };
  return { deps, said, folder: aFolder(t) };
};

test('an intact log is called intact, with a digest to keep', async (t) => {
  const { deps, said } = await atWork(t);
  t.is(await logVerify(deps, undefined, {}), 0);
  t.regex(said.out, /^The log is intact: 12 events in 3 streams\.\nDigest [0-9a-f]{64}\n$/);
});

test('an altered event breaks the log, and is named by stream and revision', async (t) => {
  const { deps, said } = await atWork(t);
  const altered = (log: EventLog): EventLog => ({
    ...log,
    readAll: (...asked) =>
      TE.map(({ events, ...page }: { events: ReadonlyArray<object> }) => ({
        ...page,
        events: events.map((event, at) => (at === 4 ? { ...event, data: { it: 'other' } } : event)),
      }))(log.readAll(...asked) as never) as never,
  });
  const openLog = () => TE.map(altered)(deps.openLog());
  t.is(await logVerify({ ...deps, openLog }, undefined, {}), 1);
  t.regex(said.out, /^The log is BROKEN: 1 fault in 12 events/);
  t.regex(said.out, /\n {2}a-2@1 {2}altered: /);
  said.out = '';
  t.is(await logVerify({ ...deps, openLog }, undefined, { json: true }), 1);
  t.like(JSON.parse(said.out), { intact: false, firstFault: { at: 'a-2@1', code: 'altered' } });
});

test('an exported log can be verified without the log, from a file and from standard input', async (t) => {
  const { deps, said, folder } = await atWork(t);
  const file = join(folder, 'log.ndjson');
  t.is(await logExport(deps, { to: file }), 0);
  t.regex(said.err, /^12 events exported/);
  t.is(await logVerify(deps, file, { json: true }), 0);
  t.is(await logVerify({ ...deps, stdin: Readable.from([readFileSync(file)]) }, '-', {}), 0);
  const short = readFileSync(file, 'utf8').split('\n').slice(0, -2).join('\n');
  writeFileSync(file, `${short}\n`);
  said.out = '';
  t.is(await logVerify(deps, file, {}), 1);
  t.regex(said.out, /the end {2}incomplete/);
});

test('an export goes to standard output unless a file is named', async (t) => {
  const { deps, said } = await atWork(t);
  t.is(await logExport(deps, {}), 0);
  t.is(said.out.trim().split('\n').length, 13);
});

test('an export never writes over a file, and leaves none behind when the log gives out', async (t) => {
  const { deps, said, folder } = await atWork(t);
  const file = join(folder, 'precious');
  writeFileSync(file, 'kept');
  t.is(await logExport(deps, { to: file }), 2);
  t.regex(said.err, /precious is there already; name a file that is not/);
  t.is(readFileSync(file, 'utf8'), 'kept');
  const silent = { code: 'unavailable', reason: 'the server is gone' } as const;
  const openLog = () =>
    TE.map((log: EventLog) => ({ ...log, readAll: () => TE.left(silent) }))(deps.openLog());
  const other = join(folder, 'other');
  t.is(await logExport({ ...deps, openLog }, { to: other }), 4);
  t.regex(said.err, /the server is gone/);
  t.false(existsSync(other));
});

test('a file that is not there is wrong use, a log that cannot be opened is out of reach', async (t) => {
  const { deps, said, folder } = await atWork(t);
  t.is(await logVerify(deps, join(folder, 'none'), {}), 2);
  const locked = { code: 'locked', reason: 'somebody holds it' } as const;
  t.is(await logVerify({ ...deps, openLog: () => TE.left(locked) }, undefined, {}), 4);
  t.regex(said.err, /somebody holds it/);
});
