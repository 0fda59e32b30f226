import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import { recordingOf } from '../../support/recording.ts';
import { composeStates } from '../../support/sandbox-images.ts';
import { aSandbox, post } from '../../support/sandbox.ts';

const folder = process.env['FRESHMAKER_SAMPLES'] ?? join('..', 'shared', 'samples');
const recordings = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^odcs-http-.*\.txt$/.test(name))
  : [];

if (recordings.length === 0) {
  test.skip(`recorded ODCS exchanges: no odcs-http-*.txt in ${folder}, see FRESHMAKER_SAMPLES`, (t) =>
    t.pass());
}

const TAG = {
  source: {
    ...{ type: 'tag', source: 'f27-updates' },
    ...{ packages: ['openssl-libs'], sigkeys: ['f5282ee4', ''] },
  },
  flags: ['no_deps'],
};
const BUILD = {
  source: {
    ...{ type: 'build', builds: ['openssl-1.1.0g-1.fc27'] },
    ...{ packages: ['openssl-libs'], sigkeys: ['f5282ee4'] },
  },
};
const MODULE = { source: { type: 'module', source: 'httpd:2.4' } };

type Before = {
  readonly posts: ReadonlyArray<object>;
  /** The last compose must have got this far. */
  readonly until?: 'done' | 'failed';
  /** The compose that has been removed then. */
  readonly removed?: number;
  /** The recorded number of the last compose, where ours is another. */
  readonly id?: number;
};

/** What the recorded server had been through before it was asked this. */
const before: Readonly<Record<string, Before>> = {
  'odcs-http-get-done.txt': { posts: [TAG, TAG, TAG], until: 'done' },
  'odcs-http-get-failed.txt': { posts: [TAG, TAG, TAG, BUILD, MODULE], until: 'failed' },
  'odcs-http-list.txt': { posts: [TAG, TAG, BUILD], id: 6 },
  'odcs-http-patch-regenerate-removed.txt': {
    posts: [TAG, TAG, TAG, BUILD, MODULE],
    ...{ until: 'failed', removed: 4 },
  },
  'odcs-http-patch-renew-done.txt': { posts: [TAG, TAG, TAG], until: 'done' },
  'odcs-http-patch-wait.txt': { posts: [TAG] },
  'odcs-http-post-build.txt': { posts: [TAG, TAG, TAG] },
  'odcs-http-post-module.txt': { posts: [TAG, TAG, TAG, BUILD] },
  'odcs-http-post-tag.txt': { posts: [TAG, TAG] },
};

const prepared = async (
  t: ExecutionContext,
  { posts, until, removed }: Before,
): Promise<Sandbox> => {
  const sandbox = await aSandbox(t, { stepTime: until === undefined ? 600_000 : 5 });
  const rule = { kind: 'compose-fails', reason: 'no signed rpm' };
  if (until === 'failed') await post(sandbox, '/sandbox/misbehave', rule);
  for (const order of posts) await post(sandbox, '/odcs/api/1/composes/', order);
  if (until !== undefined) await composeStates(sandbox, posts.length, until);
  if (removed !== undefined) {
    await composeStates(sandbox, removed, 'failed');
    await fetch(`${sandbox.odcsUrl}/composes/${removed}`, { method: 'DELETE' });
    await composeStates(sandbox, removed, 'removed');
  }
  return sandbox;
};

/** The same, but for when things happened. */
const timeless = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, one: unknown) => (key.startsWith('time_') ? 'some time' : one)),
  );

for (const name of recordings) {
  test(`ODCS answers as recorded in ${name}`, async (t) => {
    const past = before[name] ?? { posts: [] };
    const sandbox = await prepared(t, past);
    const { url } = sandbox;
    const text = readFileSync(join(folder, name), 'utf8')
      .replaceAll('http://localhost/odcs/', `${url}/odcs/composes/`)
      .replaceAll('http://127.0.0.1:8112/api', `${url}/odcs/api`)
      .replaceAll(`odcs-${past.id ?? 0}`, `odcs-${past.posts.length}`)
      .replaceAll(`"id": ${past.id ?? 0},`, `"id": ${past.posts.length},`);
    const { method, path, sent, status, reason, headers, body } = recordingOf(text);
    const response = await fetch(`${url}/odcs${path}`, {
      method,
      ...(sent === '' ? {} : { body: sent }),
    });
    t.is(response.status, status);
    t.is(response.statusText, reason);
    for (const [header, value] of headers) t.is(response.headers.get(header), value);
    t.deepEqual(timeless(await response.json()), timeless(body));
  });
}
