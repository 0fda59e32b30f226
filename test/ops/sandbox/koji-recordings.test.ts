import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { XmlRpcValue } from '../../../clients/koji/xml-rpc/value.ts';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import {
  call,
  endOf,
  login,
  named,
  orderImage,
  rawCall,
  session,
  taskIdOf,
  type Answered,
  type Json,
} from '../../support/sandbox-koji.ts';
import { aSandbox, distributionOf, post } from '../../support/sandbox.ts';

const folder = process.env['FRESHMAKER_SAMPLES'] ?? join('..', 'shared', 'samples');
const recordings = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^koji-xmlrpc-.*\.txt$/.test(name))
  : [];

if (recordings.length === 0) {
  test.skip(`recorded Koji exchanges: no koji-xmlrpc-*.txt in ${folder}, see FRESHMAKER_SAMPLES`, (t) =>
    t.pass());
}

const distribution = distributionOf(
  'package openssl 1:1.1.0 gives openssl,openssl-libs',
  'image base:f28 holds bash,openssl-libs=openssl past same',
  'image httpd:f28 from base:f28 holds httpd',
);

const ordered = async (sandbox: Sandbox, opts: Json): Promise<number> => {
  const id = taskIdOf(await orderImage(sandbox, 'httpd:f28', opts));
  await endOf(sandbox, id);
  return id;
};

const idOf = async (sandbox: Sandbox, nvr: string): Promise<number> =>
  ((await call(sandbox, 'getBuild', nvr)) as { readonly id: number }).id;

const HTTPD = 'httpd-28-1.f28container';

const archiveOf = async (sandbox: Sandbox): Promise<number> => {
  const asking = named({ type: 'image' });
  const found = await call(sandbox, 'listArchives', await idOf(sandbox, HTTPD), asking);
  return (found as unknown as ReadonlyArray<{ readonly id: number }>)[0]!.id;
};

const loggedIn = async (sandbox: Sandbox, last: number, callnum: number): Promise<Answered> => {
  const mine = await login(sandbox);
  await rawCall(sandbox, 'getLoggedInUser', [], session(mine, last));
  return rawCall(sandbox, 'getLoggedInUser', [], session(mine, callnum));
};

type Ask = (sandbox: Sandbox, t: ExecutionContext) => Promise<Answered>;

const plain =
  (method: string, ...params: ReadonlyArray<XmlRpcValue>): Ask =>
  async (sandbox) =>
    rawCall(sandbox, method, params);

const calls = [
  { methodName: 'getBuild', params: ['bash-1.0-1.fc28'] },
  { methodName: 'getBuildTarget', params: ['zz'] },
  { methodName: 'nosuch', params: [] },
];

/** What is asked of the sandbox to be answered as the recorded hub did. */
const asks: Readonly<Record<string, Ask>> = {
  'bad-params-fault': plain('getBuild'),
  'bad-session-fault': async (sandbox) =>
    rawCall(sandbox, 'getLoggedInUser', [], session({ id: 4, key: 'x' }, 1)),
  'buildContainer-unauthenticated-fault': plain('buildContainer', 'git://x/container/y#a', 'z', {}),
  buildContainer: async (sandbox) => orderImage(sandbox, 'httpd:f28'),
  buildReferences: async (sandbox) =>
    rawCall(sandbox, 'buildReferences', [await idOf(sandbox, 'bash-1.0-2.fc28')]),
  'getBuild-missing-nil': plain('getBuild', 'nope-1-1'),
  'getBuild-strict-fault': plain('getBuild', 'nope-1-1', named({ strict: true })),
  getBuild: plain('getBuild', 'openssl-1.1.0-1.fc28'),
  getTaskDescendents: plain('getTaskDescendents', 1),
  'getTaskInfo-free': async (sandbox) => {
    const id = taskIdOf(
      await orderImage(sandbox, 'httpd:f28', { yum_repourls: ['http://x/y.repo'] }),
    );
    return rawCall(sandbox, 'getTaskInfo', [id, named({ request: true })]);
  },
  'getTaskInfo-list': async (sandbox) => {
    const [good, bad] = [await ordered(sandbox, {}), await ordered(sandbox, { git_branch: 'no' })];
    return rawCall(sandbox, 'getTaskInfo', [[good, bad, 999]]);
  },
  'getTaskResult-closed': async (sandbox) =>
    rawCall(sandbox, 'getTaskResult', [await ordered(sandbox, {})]),
  'getTaskResult-failed-fault': async (sandbox) =>
    rawCall(sandbox, 'getTaskResult', [await ordered(sandbox, { git_branch: 'no' })]),
  'getTaskResult-failed-nofault': async (sandbox) => {
    const id = await ordered(sandbox, { git_branch: 'no' });
    return rawCall(sandbox, 'getTaskResult', [id, named({ raise_fault: false })]);
  },
  'getTaskResult-unfinished-fault': async (sandbox) => {
    const id = taskIdOf(await orderImage(sandbox, 'httpd:f28'));
    return rawCall(sandbox, 'getTaskResult', [id]);
  },
  listArchives: async (sandbox) =>
    rawCall(sandbox, 'listArchives', [await idOf(sandbox, HTTPD), named({ type: 'image' })]),
  'listRPMs-image-i8': async (sandbox) => {
    const asking = named({ imageID: await archiveOf(sandbox), arches: ['x86_64'] });
    return rawCall(sandbox, 'listRPMs', [asking]);
  },
  'listTagged-latest': plain('listTagged', 'f28-updates', named({ inherit: true, latest: true })),
  listTasks: async (sandbox) => {
    await ordered(sandbox, { yum_repourls: ['http://x/y.repo'], compose_ids: [42] });
    await ordered(sandbox, { git_branch: 'no' });
    const opts = { method: 'buildContainer', decode: true, createdAfter: 1_500_000_000.5 };
    return rawCall(sandbox, 'listTasks', [opts, { order: '-id', limit: 2 }]);
  },
  multiCall: plain('multiCall', calls),
  'old-callnum-fault': async (sandbox) => loggedIn(sandbox, 1, 0),
  queryRPMSigs: async (sandbox) => {
    const rpms = await call(sandbox, 'listBuildRPMs', 'bash-1.0-1.fc28');
    const [{ id }] = rpms as unknown as [{ readonly id: number }];
    return rawCall(sandbox, 'queryRPMSigs', [named({ rpm_id: id })]);
  },
  'replayed-callnum-fault': async (sandbox) => loggedIn(sandbox, 1, 1),
  sslLogin: plain('sslLogin', named({ proxyuser: null })),
  'sslLogin-no-auth-fault': async (sandbox) => {
    await post(sandbox, '/sandbox/misbehave', { kind: 'koji-refuses-login' });
    return rawCall(sandbox, 'sslLogin', [named({ proxyuser: null })]);
  },
};

/** Every member's name with the types its values have; nil tells nothing. */
const shapeOf = (xml: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const shape = new Map<string, Set<string>>();
  for (const [, name = '', type = ''] of xml.matchAll(/<name>([^<]*)<\/name>\s*<value><(\w+)/g)) {
    const types = shape.get(name) ?? new Set();
    shape.set(name, type === 'nil' ? types : types.add(type));
  }
  return shape;
};

/** Members that the sandbox has more of: a source in a package's extra; what tasks were asked. */
const ALSO: Readonly<Record<string, ReadonlyArray<string>>> = {
  getBuild: ['original_url'],
  multiCall: ['original_url'],
};

const sameShape = (t: ExecutionContext, name: string, ours: string, theirs: string): void => {
  const [mine, recorded] = [shapeOf(ours), shapeOf(theirs)];
  const also = ALSO[name] ?? [];
  const mineOnly = [...mine.keys()].filter((key) => !also.includes(key));
  t.deepEqual(mineOnly.toSorted(), [...recorded.keys()].toSorted());
  for (const [key, types] of recorded) {
    const found = mine.get(key) ?? new Set();
    if (found.size > 0 && types.size > 0) t.deepEqual([...found], [...types], key);
  }
};

const partOf = (text: string, mark: '>' | '<'): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${mark} `))
    .map((line) => line.slice(2))
    .join('\n');

const codeOf = (xml: string): string | undefined => /<int>(10\d\d)<\/int>/.exec(xml)?.[1];

const withoutTraceback = (xml: string): string =>
  xml.replace(/<name>traceback<\/name>[\s\S]*?<\/array>/, '<name>traceback</name><value><array/>');

for (const file of recordings) {
  const name = file.replace(/^koji-xmlrpc-|\.txt$/g, '');
  test(`${name} has the members and types that were recorded`, async (t) => {
    const recorded = partOf(readFileSync(join(folder, file), 'utf8'), '<');
    const asked = asks[name];
    if (asked === undefined) return t.fail(`nobody knows how to ask for ${name}`);
    const sandbox = await aSandbox(t, { distribution });
    const { status, text } = await asked(sandbox, t);
    t.is(status, 200);
    sameShape(t, name, withoutTraceback(text), withoutTraceback(recorded));
    if (name.endsWith('-fault')) t.is(codeOf(text), codeOf(recorded));
    t.is(text.includes('<fault>'), recorded.includes('<fault>'));
  });
}

const container = join(folder, 'koji-getBuild-container-1.json');

const keysOf = (value: unknown): ReadonlyArray<string> =>
  typeof value === 'object' && value !== null ? Object.keys(value).toSorted() : [];

const isThere = existsSync(container);
const withAnImage = isThere ? test : test.skip;
const why = isThere ? '' : ` (skipped: there is no ${container}, see FRESHMAKER_SAMPLES)`;

withAnImage(`an image build has the members of a recorded one${why}`, async (t) => {
  const recorded = JSON.parse(readFileSync(container, 'utf8')) as { extra: Json };
  const sandbox = await aSandbox(t, { distribution });
  const mine = (await call(sandbox, 'getBuild', HTTPD)) as unknown as { extra: Json };
  // hubs of today have more than one of 2019
  t.deepEqual(
    keysOf(recorded).filter((key) => !keysOf(mine).includes(key)),
    [],
  );
  t.deepEqual(keysOf(mine.extra), keysOf(recorded.extra));
  t.deepEqual(keysOf(mine.extra['image']), keysOf(recorded.extra['image']));
});
