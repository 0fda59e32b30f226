import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import { recordingOf } from '../../support/recording.ts';
import { aSandbox, distributionOf, headOf, submitHead } from '../../support/sandbox.ts';

const folder = process.env['FRESHMAKER_SAMPLES'] ?? join('..', 'shared', 'samples');
const recordings = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^mbs-http-.*\.txt$/.test(name))
  : [];

const RECORDED_COMMIT = /40e93915c109bb14b90122af67e7529f4a5ca7c3/g;
const RECORDED_HOST = /127\.0\.0\.1:8113/g;

/** What the recorded server had been through before it was asked this. */
const before: Readonly<Record<string, ReadonlyArray<'post' | 'cancel'>>> = {
  'mbs-http-post-conflict.txt': ['post'],
  'mbs-http-patch-cancel.txt': ['post'],
  'mbs-http-patch-cancel-again.txt': ['post', 'cancel'],
  'mbs-http-post-resubmit-after-failed.txt': ['post', 'cancel'],
};

const cancel = async (sandbox: Sandbox): Promise<unknown> =>
  fetch(`${sandbox.mbsUrl}/1/module-builds/3`, {
    method: 'PATCH',
    body: '{"state":"failed","owner":"freshmaker"}',
  });

/** Fields of which not only the type but the value must be as recorded. */
const SAME = new Set([
  ...['id', 'name', 'stream', 'context', 'state', 'state_name', 'scratch', 'rebuild_strategy'],
  ...['state_reason', 'package', 'format', 'module_build', 'page', 'pages', 'per_page', 'total'],
  ...['first', 'last', 'next', 'prev', 'error', 'status', 'default', 'allowed', 'description'],
  ...['state_url', 'stream_version'],
]);

const kind = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);

type Compare = (recorded: unknown, ours: unknown, at: string) => ReadonlyArray<string>;

const lists = (recorded: ReadonlyArray<unknown>, ours: unknown, at: string) => {
  const { length } = ours as ReadonlyArray<unknown>;
  if (recorded.length === length) return fields(recorded, ours, at);
  if (recorded.length === 0 && !at.endsWith('.items')) return []; // says nothing of its entries
  return [`${at}: ${recorded.length} entries, ${length}`];
};

const fields: Compare = (recorded, ours, at) => {
  const theirs = new Map(Object.entries(recorded as object) as ReadonlyArray<[string, unknown]>);
  const mine = new Map(Object.entries(ours as object) as ReadonlyArray<[string, unknown]>);
  return [...new Set([...theirs.keys(), ...mine.keys()])].flatMap((key) => {
    if (!theirs.has(key)) return [`${at}.${key}: not in the recording`];
    if (!mine.has(key)) return [`${at}.${key}: missing`];
    return differences(theirs.get(key), mine.get(key), `${at}.${key}`);
  });
};

/** Where `ours` differs from `recorded` in keys, types or the values that must be the same. */
const differences: Compare = (recorded, ours, at) => {
  if (SAME.has(at.split('.').at(-1) ?? '') && recorded !== ours) {
    return [`${at}: ${String(recorded)}, ${String(ours)}`];
  }
  if (recorded === null || ours === null) return [];
  if (kind(recorded) !== kind(ours)) return [`${at}: ${kind(recorded)}, ${kind(ours)}`];
  if (Array.isArray(recorded)) return lists(recorded, ours, at);
  return typeof recorded === 'object' ? fields(recorded, ours, at) : [];
};

const withoutGitWords = (body: unknown): unknown => {
  if (typeof body !== 'object' || body === null || !('message' in body)) return body;
  return { ...body, message: String(body.message).replace(/ err b.*$/, '') };
};

if (recordings.length === 0) {
  test.skip(`recorded MBS exchanges: no mbs-http-*.txt in ${folder}, see FRESHMAKER_SAMPLES`, (t) =>
    t.pass());
}

const WORLD = [
  'v1 testmodule:master holds perl-Tangerine@master perl-List-Compare@master tangerine@master',
  'foo:f28 unbuilt holds bash@f28',
];

for (const name of recordings) {
  test(`MBS answers as recorded in ${name}`, async (t) => {
    const distribution = { ...distributionOf(...WORLD), platforms: ['f28'] };
    const sandbox = await aSandbox(t, { distribution, stepTime: 600_000 });
    const commit = await headOf(sandbox, 'foo', 'f28');
    const text = readFileSync(join(folder, name), 'utf8')
      .replaceAll(RECORDED_COMMIT, commit)
      .replaceAll(RECORDED_HOST, new URL(sandbox.url).host);
    const recording = recordingOf(text);
    for (const step of before[name] ?? []) {
      await (step === 'post' ? submitHead(sandbox, 'foo', 'f28') : cancel(sandbox));
    }
    const { method, path, sent } = recording;
    const body = sent === '' ? {} : { body: sent };
    const response = await fetch(sandbox.url + path, { method, ...body });
    t.is(response.status, recording.status);
    t.is(response.statusText, recording.reason);
    for (const [header, value] of recording.headers) t.is(response.headers.get(header), value);
    const answered = await response.json();
    t.deepEqual(differences(recording.body, answered, ''), []);
    if (recording.status >= 400) {
      t.deepEqual(withoutGitWords(answered), withoutGitWords(recording.body));
    }
  });
}
