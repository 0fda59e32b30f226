import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Command } from 'commander';
import { programOf } from '../../main/cli/program.ts';
import { aBuild, anEvent, eventsAndBuilds } from '../support/api-rows.ts';
import { anAsker } from '../support/asking-world.ts';
import { fixtureText } from '../support/bus-fixtures.ts';
import { freshmaker, started } from '../support/cli-process.ts';
import { aFolder } from '../support/ingest-world.ts';

test('a verb that does not exist is wrong use, and the nearest one is suggested', async (t) => {
  const { code, err } = await freshmaker(['biulds', 'list']);
  t.is(code, 2);
  t.regex(err, /unknown command 'biulds'\n\(Did you mean builds\?\)/);
});

test('an option that makes no sense is wrong use, and what is allowed is said', async (t) => {
  const [limit, state] = await Promise.all([
    freshmaker(['events', 'list', '--limit', 'many']),
    freshmaker(['builds', 'list', '--state', 'odd']),
  ]);
  t.is(limit.code, 2);
  t.regex(limit.err, /Write a whole number from 1/);
  t.is(state.code, 2);
  t.regex(state.err, /Write one of build, done, failed, canceled, planned/);
});

const verbs = [
  ...[
    'serve',
    'backend',
    'frontend',
    'replay',
    'catch-up',
    'reconcile',
    'events list',
    'events show',
  ],
  ...['backfill modules', 'backfill images'],
  ...['builds list', 'builds show', 'builds watch', 'images', 'composes', 'why', 'why-not'],
  ...['policy check', 'policy apply', 'policy show', 'log verify', 'log export', 'log copy'],
];

const path = (command: Command): string =>
  command.parent?.parent == null ? command.name() : `${path(command.parent)} ${command.name()}`;

const verbsOf = (command: Command): ReadonlyArray<Command> =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(verbsOf);

test('every verb of the README is there, and its help has examples', (t) => {
  const found = verbsOf(programOf());
  t.deepEqual(found.map((command) => path(command)).sort(), [...verbs].sort());
  for (const command of found) {
    let help = '';
    command.configureOutput({ writeOut: (text) => void (help += text) });
    command.outputHelp();
    t.regex(help, /\nExamples:\n {2}.*freshmaker/, path(command));
  }
});

test('the service asked is that of --url, or else of FRESHMAKER_URL', async (t) => {
  const { url } = await anAsker(t, eventsAndBuilds([anEvent({ id: 1 })], [aBuild({ id: 1 })]));
  const nowhere = { FRESHMAKER_URL: 'http://127.0.0.1:1' };
  const [byOption, byVariable, unreachable] = await Promise.all([
    freshmaker(['builds', 'list', '--json', '--url', url], nowhere),
    freshmaker(['events', 'list'], { FRESHMAKER_URL: url }),
    freshmaker(['why', '1'], nowhere),
  ]);
  t.is(byOption.code, 0);
  t.like(JSON.parse(byOption.out), { meta: { total: 1 } });
  t.regex(byVariable.out, /^1 +INITIALIZED/m);
  t.is(unreachable.code, 4);
});

test('commands that only read make no log where there is none', async (t) => {
  const data = join(aFolder(t), 'nothing');
  const { code, err } = await freshmaker(['log', 'verify', '--data', data]);
  t.is(code, 2);
  t.regex(err, /there is no log .*log\.db; name the folder that holds one with --data/);
  t.false(existsSync(data));
});

test('what a replay put on record is proven intact, exported, and proven from the file', async (t) => {
  const folder = aFolder(t);
  const file = join(folder, 'log.ndjson');
  const message = JSON.stringify(JSON.parse(fixtureText('git.receive/spec')));
  const replay = await freshmaker(['replay', '-', '--data', folder], {}, message);
  t.is(replay.code, 0);
  const verify = await freshmaker(['log', 'verify', '--data', folder]);
  t.is(verify.code, 0);
  t.regex(verify.out, /intact: 2 events/);
  t.is((await freshmaker(['log', 'export', '--to', file, '--data', folder])).code, 0);
  const text = readFileSync(file, 'utf8');
  t.is((await freshmaker(['log', 'verify', '-'], {}, text)).code, 0);
  const forged = await freshmaker(['log', 'verify', '-'], {}, text.replace('oak', 'elm'));
  t.is(forged.code, 1);
  t.regex(forged.out, /dry_message-\S+@0 \(line 1\) {2}altered/);
});

test('a reader that has had enough is no fault', async (t) => {
  const builds = Array.from({ length: 1000 }, (_, id) =>
    aBuild({ id, stateReason: 'x'.repeat(200) }),
  );
  const { url } = await anAsker(t, eventsAndBuilds([], builds));
  const child = started(['builds', 'list', '--limit', '1000', '--url', url]);
  let err = '';
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString('utf8')));
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = (await once(child, 'close')) as [number | null];
  t.is(code, 0);
  t.is(err, '');
});

test('Ctrl-C ends a replay that waits for its input, and says how to go on', async (t) => {
  const child = started(['replay', '-', '--data', aFolder(t)]);
  t.teardown(() => child.kill('SIGKILL'));
  const said = { err: '' };
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString('utf8')));
  child.stderr.once('data', () => child.kill('SIGINT'));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  t.is(signal, null);
  t.is(code, 130);
  t.regex(said.err, /Interrupted; replay the same input again/);
});

test('a backfill without an MBS says how to name one; one out of reach is told', async (t) => {
  const data = aFolder(t);
  const unnamed = await freshmaker(['backfill', 'modules', '--data', data]);
  t.is(unnamed.code, 2);
  t.regex(unnamed.err, /FRESHMAKER_MBS_URL/);
  const env = { FRESHMAKER_MBS_URL: 'http://127.0.0.1:9/module-build-service/' };
  t.is((await freshmaker(['backfill', 'modules', '--data', data], env)).code, 4);
});

test('a port that is taken is wrong use, and the sentence names a way out', async (t) => {
  const { url } = await anAsker(t, {});
  const { port } = new URL(url);
  const args = ['serve', '--no-sandbox', '--data', aFolder(t), '--port', port];
  const { code, err } = await freshmaker(args, { FRESHMAKER_LOG_LEVEL: 'silent' });
  t.is(code, 2);
  t.regex(err, /Port \d+ on 127\.0\.0\.1 is taken\..*--port <n>/);
});
