import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import test from 'ava';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { aSandbox, ask, distributionOf, post, tempFolder } from '../support/sandbox.ts';
import { must } from '../support/service.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
const policy = fileURLToPath(new URL('../fixtures/policies/quick.yaml', import.meta.url));

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 100_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never: ${holds.toString()}`);
    await pause(50);
  }
};

/** A log that knows a module, so that a push leads to a build. */
const aKnownWorld = async (
  t: ExecutionContext,
  sandbox: Sandbox,
  data: string,
): Promise<EventLog> => {
  const log = must(await openEmbeddedLog({ file: join(data, 'log.db') })());
  t.teardown(() => log.close());
  const child = spawn(
    process.execPath,
    ['--import=tsx', cli, 'backfill', 'modules', '--data', data],
    { env: { PATH: process.env['PATH'], FRESHMAKER_MBS_URL: sandbox.mbsUrl }, stdio: 'ignore' },
  );
  t.is((await once(child, 'exit'))[0], 0);
  return log;
};

const aBackend = (t: ExecutionContext, sandbox: Sandbox, data: string, drain: number) => {
  const child = spawn(process.execPath, ['--import=tsx', cli, 'backend', '--data', data], {
    env: {
      ...{ PATH: process.env['PATH'], FRESHMAKER_POLICY: policy, FRESHMAKER_HEALTH_PORT: '0' },
      ...{ FRESHMAKER_MBS_URL: sandbox.mbsUrl, FRESHMAKER_GIT_URL: sandbox.gitUrl },
      ...{ FRESHMAKER_FEED_URL: sandbox.feedUrl, FRESHMAKER_DRAIN: String(drain) },
      FRESHMAKER_POLL_EVERY: '1',
    },
  });
  t.teardown(() => child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (said.out += bytes.toString('utf8')));
  child.stderr.on('data', (bytes: Buffer) => (said.err += bytes.toString('utf8')));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const health = (): string => /Health and metrics are at (\S+)/.exec(said.out)?.[1] ?? '';
  return { child, said, ended, health };
};

const rowsNow = async (sandbox: Sandbox): Promise<number> => {
  const { body } = await ask(sandbox, '/sandbox/rows');
  return (body as ReadonlyArray<unknown>).length;
};

const distribution = distributionOf('top:f28 holds bash@f28');

/** A backend in the middle of a submission that MBS takes so many milliseconds to answer. */
const midCall = async (t: ExecutionContext, ms: number, drain: number) => {
  const sandbox = await aSandbox(t, { distribution });
  const data = tempFolder(t);
  const log = await aKnownWorld(t, sandbox, data);
  await post(sandbox, '/sandbox/misbehave', { kind: 'slow', ms, when: 'after' });
  const before = await rowsNow(sandbox);
  const backend = aBackend(t, sandbox, data, drain);
  await until(() => backend.health() !== '' || backend.child.exitCode !== null);
  await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo: 'bash', branch: 'f28' });
  await until(async () => (await rowsNow(sandbox)) > before);
  return { sandbox, log, backend };
};

const typesIn = async (log: EventLog): Promise<ReadonlyArray<string>> =>
  must(await log.readAll('', { categories: ['artifact'] }, 1000)()).events.map(({ type }) => type);

test('asked to stop, a backend says so, finishes the call under way, and takes nothing new', async (t) => {
  const { sandbox, log, backend } = await midCall(t, 15_000, 120);
  t.false((await typesIn(log)).includes('BuildSubmitted'));
  backend.child.kill('SIGTERM');
  await until(() => backend.said.out.includes('finishing what is under way'));
  const ready = await fetch(`${backend.health()}/readyz`);
  t.is(ready.status, 503);
  t.regex(((await ready.json()) as { message: string }).message, /^stopping: /);
  await post(sandbox, '/sandbox/commit', { namespace: 'rpms', repo: 'bash', branch: 'f28' });
  t.is(await backend.ended, 0, backend.said.err);
  t.regex(backend.said.out, /\nStopped\.\n$/);
  t.true((await typesIn(log)).includes('BuildSubmitted'));
  const triggers = must(await log.readAll('', { categories: ['trigger'] }, 1000)()).events;
  t.is(triggers.filter(({ type }) => type === 'TriggerNoticed').length, 1);
  const lines = backend.said.err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  const noticed = lines.filter((line) => 'event' in line && line.event === 'TriggerNoticed');
  t.is(noticed.length, 1, 'without a terminal the facts are lines of JSON');
  t.like(noticed[0], { part: 'The record', level: 30 });
  t.true('correlationId' in (noticed[0] ?? {}));
});

test('a call that outlasts the drain is left to the next start, and that is said', async (t) => {
  const { log, backend } = await midCall(t, 60_000, 0);
  backend.child.kill('SIGTERM');
  t.is(await backend.ended, 0, backend.said.err);
  t.regex(backend.said.out, /calls under way are found again at the next start/);
  t.false((await typesIn(log)).includes('BuildSubmitted'));
});

test('asked a second time, a backend ends at once', async (t) => {
  const { backend } = await midCall(t, 120_000, 3600);
  backend.child.kill('SIGTERM');
  await until(() => backend.said.out.includes('finishing what is under way'));
  backend.child.kill('SIGTERM');
  await until(() => {
    if (backend.child.exitCode === null) backend.child.kill('SIGTERM');
    return backend.child.exitCode !== null;
  });
  t.is(await backend.ended, 143);
  t.regex(backend.said.out, /SIGTERM again: ending at once/);
});
