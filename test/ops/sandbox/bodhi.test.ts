import test, { type ExecutionContext } from 'ava';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import { shipUpdate } from '../../support/sandbox-images.ts';
import { aSandbox, distributionOf, post } from '../../support/sandbox.ts';

const aWorld = async (t: ExecutionContext): Promise<Sandbox> =>
  aSandbox(t, {
    distribution: distributionOf(
      'image base:f28 holds bash,openssl-libs=openssl',
      'package openssl 1:1.1.0f gives openssl,openssl-libs',
      'package bash 4.4',
    ),
  });

const get = async (
  sandbox: Sandbox,
  path: string,
): Promise<{ readonly status: number; readonly body: unknown }> => {
  const headers = { Accept: 'application/json' };
  const response = await fetch(`${sandbox.bodhiUrl}/${path}`, { headers });
  return { status: response.status, body: await response.json() };
};

const aliasesOf = async (sandbox: Sandbox, query: string): Promise<ReadonlyArray<unknown>> => {
  const { body } = await get(sandbox, `updates/?${query}`);
  const { updates } = body as { readonly updates: ReadonlyArray<{ readonly alias: string }> };
  return updates.map(({ alias }) => alias);
};

test('an update is found by its alias, with builds, release and kind', async (t) => {
  const sandbox = await aWorld(t);
  const { alias, nvr } = await shipUpdate(sandbox, { package: 'openssl', type: 'security' });
  const { status, body } = await get(sandbox, `updates/${alias ?? ''}`);
  t.is(status, 200);
  t.like(body, {
    can_edit: false,
    update: {
      ...{ alias, updateid: alias, title: nvr, status: 'stable', request: null, type: 'security' },
      ...{ content_type: 'rpm', builds: [{ nvr, epoch: 1, signed: true, type: 'rpm' }] },
      release: { name: 'F28', branch: 'f28', version: '28' },
    },
  });
});

test('an update on its way is pending and asks for testing', async (t) => {
  const sandbox = await aWorld(t);
  const { alias } = await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
  const { body } = await get(sandbox, `updates/${alias ?? ''}`);
  t.like(body, { update: { status: 'pending', request: 'testing', date_stable: null } });
});

test('who does not accept JSON gets a page', async (t) => {
  const sandbox = await aWorld(t);
  const { alias } = await shipUpdate(sandbox, { package: 'bash' });
  const response = await fetch(`${sandbox.bodhiUrl}/updates/${alias ?? ''}`);
  t.is(response.status, 200);
  t.regex(response.headers.get('content-type') ?? '', /html/);
});

test('what Bodhi does not know is 404 with the error it uses', async (t) => {
  const sandbox = await aWorld(t);
  t.deepEqual(await get(sandbox, 'updates/FEDORA-2017-0000000000'), {
    status: 404,
    body: {
      status: 'error',
      errors: [{ location: 'url', name: 'id', description: 'Invalid update id' }],
    },
  });
  t.is((await get(sandbox, 'builds/bash-0-0.fc28')).status, 404);
  t.is((await get(sandbox, 'releases/F99')).status, 404);
});

test('updates are listed newest first, by package, build, release and status, in pages', async (t) => {
  const sandbox = await aWorld(t);
  const bash = await shipUpdate(sandbox, { package: 'bash' });
  const openssl = await shipUpdate(sandbox, { package: 'openssl', stage: 'built' });
  const older = await shipUpdate(sandbox, { package: 'bash', release: 'f27' });
  t.deepEqual(await aliasesOf(sandbox, ''), [older.alias, openssl.alias, bash.alias]);
  t.deepEqual(await aliasesOf(sandbox, 'packages=bash&releases=F28'), [bash.alias]);
  t.deepEqual(await aliasesOf(sandbox, `builds=${openssl.nvr}`), [openssl.alias]);
  t.deepEqual(await aliasesOf(sandbox, 'status=pending'), [openssl.alias]);
  t.deepEqual(await aliasesOf(sandbox, 'rows_per_page=1&page=3'), [bash.alias]);
  t.like((await get(sandbox, 'updates/?rows_per_page=2')).body, {
    ...{ page: 1, pages: 2, rows_per_page: 2, total: 3 },
  });
  t.is((await get(sandbox, 'updates/?rows_per_page=1001')).status, 400);
});

test('builds and releases are found by their names', async (t) => {
  const sandbox = await aWorld(t);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash' });
  t.like((await get(sandbox, `builds/${nvr}`)).body, { nvr, type: 'rpm', signed: true });
  t.like((await get(sandbox, 'releases/F28M')).body, {
    name: 'F28M',
    long_name: 'Fedora 28 Modular',
  });
  t.like((await get(sandbox, 'releases/')).body, { page: 1, total: 6 });
});

test('a Bodhi that is down answers 503', async (t) => {
  const sandbox = await aWorld(t);
  await post(sandbox, '/sandbox/misbehave', { kind: 'bodhi-unavailable', count: 1 });
  t.is((await fetch(`${sandbox.bodhiUrl}/updates/`)).status, 503);
  t.is((await get(sandbox, 'updates/')).status, 200);
});
