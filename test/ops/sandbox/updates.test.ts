import test, { type ExecutionContext } from 'ava';
import { startSandbox, type Sandbox } from '../../../ops/sandbox/sandbox.ts';
import { advance, shipUpdate } from '../../support/sandbox-images.ts';
import {
  ask,
  aSandbox,
  distributionOf,
  feed,
  hear,
  ofTopic,
  post,
  submitHead,
  tempFolder,
  type Heard,
} from '../../support/sandbox.ts';

const WORLD = distributionOf(
  'nodejs:my-20 holds nodejs@f28 npm',
  'image base:f28 holds bash,openssl-libs=openssl',
  'package openssl 1:1.1.0f gives openssl,openssl-libs',
  'package bash 4.4',
);

const aWorld = async (t: ExecutionContext): Promise<Sandbox> =>
  aSandbox(t, { distribution: WORLD });

const heardBy = async (sandbox: Sandbox): Promise<ReadonlyArray<Heard>> =>
  (await feed(sandbox, '')).messages;

const tagsHeard = (heard: ReadonlyArray<Heard>): ReadonlyArray<unknown> =>
  ofTopic(heard, 'buildsys.tag').map(({ body }) => body['tag']);

const PATH = [
  ...['f28-updates-candidate', 'f28-signing-pending', 'f28-updates-testing-pending'],
  ...['f28-updates-testing', 'f28-updates-pending', 'f28-updates'],
];

test('a stable update goes through the tags that Fedora uses, and ends with word from Bodhi', async (t) => {
  const sandbox = await aWorld(t);
  const update = await shipUpdate(sandbox, { package: 'bash' });
  const heard = await heardBy(sandbox);
  t.deepEqual(tagsHeard(heard), PATH);
  t.deepEqual(update.tags, PATH);
  const left = ofTopic(heard, 'buildsys.untag').map(({ body }) => body['tag']);
  t.deepEqual(left, PATH.slice(0, -1));
  t.is(heard.at(-1)?.topic, 'org.fedoraproject.prod.bodhi.update.complete.stable');
  t.is(update.status, 'stable');
});

test('a package is built with the next release, and tells what users install of it', async (t) => {
  const sandbox = await aWorld(t);
  const first = await shipUpdate(sandbox, { package: 'openssl' });
  const second = await shipUpdate(sandbox, { package: 'openssl' });
  const release = (nvr: string): number => Number(/-(\d+)\.fc28$/.exec(nvr)?.[1]);
  t.true(first.nvr.startsWith('openssl-1.1.0f-'));
  t.is(release(second.nvr), release(first.nvr) + 1);
  t.deepEqual(first.rpms, [first.nvr, first.nvr.replace('openssl', 'openssl-libs')]);
});

test('a version that is named is built, once', async (t) => {
  const sandbox = await aWorld(t);
  t.is((await shipUpdate(sandbox, { package: 'bash', version: '5.0' })).nvr, 'bash-5.0-1.fc28');
  t.is((await shipUpdate(sandbox, { package: 'bash', version: '5.0-7' })).nvr, 'bash-5.0-7.fc28');
  t.is((await shipUpdate(sandbox, { package: 'bash' })).nvr, 'bash-5.0-8.fc28');
  const again = await post(sandbox, '/sandbox/update', { package: 'bash', version: '5.0-7' });
  t.is(again.status, 422);
  t.regex(again.text, /bash-5\.0-7\.fc28 already/);
});

test('every RPM file of a build is signed on the way, before the tag that says so', async (t) => {
  const sandbox = await aWorld(t);
  await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
  const heard = await heardBy(sandbox);
  const signed = ofTopic(heard, 'buildsys.rpm.sign');
  const files = signed.map(({ body }) => (body['rpm'] as { readonly arch: string }).arch);
  t.true(files.includes('src') && files.includes('x86_64') && files.includes('aarch64'));
  const at = (found: Heard | undefined): number => heard.findIndex(({ id }) => id === found?.id);
  const ready = ofTopic(heard, 'buildsys.tag').find(
    ({ body }) => body['tag'] === 'f28-updates-testing-pending',
  );
  t.true(at(signed.at(-1)) < at(ready));
});

test('an update stops at the stage it was asked for, and goes on step by step', async (t) => {
  const sandbox = await aWorld(t);
  const built = await shipUpdate(sandbox, { package: 'bash', stage: 'built' });
  t.is(built.next, 'f28-signing-pending');
  const pending = await advance(sandbox, built);
  t.deepEqual(pending.tags, PATH.slice(0, 2));
  const signed = await advance(sandbox, built, 'signed');
  t.is(signed.next, 'f28-updates-testing');
  const stable = await advance(sandbox, built, 'stable');
  t.deepEqual(stable.tags, PATH);
  t.is(stable.next, null);
  const path = `/sandbox/update/${built.alias ?? ''}/advance`;
  t.is((await post(sandbox, path, {})).status, 409);
});

test('an update to Rawhide goes to its release tag, and Bodhi knows nothing of it', async (t) => {
  const sandbox = await aWorld(t);
  const update = await shipUpdate(sandbox, { package: 'bash', release: 'rawhide' });
  const heard = await heardBy(sandbox);
  t.deepEqual(tagsHeard(heard), ['f29-pending', 'f29-signing-pending', 'f29']);
  t.is(update.alias, null);
  t.deepEqual(ofTopic(heard, 'bodhi.update.complete.stable'), []);
  const bodhi = await fetch(`${sandbox.bodhiUrl}/updates/?builds=${update.nvr}`, {
    headers: { Accept: 'application/json' },
  });
  t.like(await bodhi.json(), { total: 0, updates: [] });
});

test('the new body says no more than its schema wants, the old one has the whole update', async (t) => {
  const sandbox = await aWorld(t);
  const fresh = await shipUpdate(sandbox, { package: 'bash', form: 'new' });
  const old = await shipUpdate(sandbox, { package: 'bash', form: 'old', type: 'security' });
  const [first, second] = ofTopic(await heardBy(sandbox), 'bodhi.update.complete.stable');
  t.deepEqual(first?.body, {
    update: {
      ...{ alias: fresh.alias, builds: [{ nvr: fresh.nvr }], release: { name: 'F28' } },
      ...{ request: null, status: 'stable', user: { name: 'packager' } },
    },
    agent: 'releng',
  });
  t.like(second?.body, {
    update: {
      ...{ alias: old.alias, updateid: old.alias, type: 'security', status: 'stable' },
      release: { name: 'F28', branch: 'f28', stable_tag: 'f28-updates' },
    },
  });
  t.regex(second?.id ?? '', /^\d{4}-/);
});

test('a module ships as the newest build that is ready, its RPMs built as modular ones', async (t) => {
  const sandbox = await aWorld(t);
  await post(sandbox, '/sandbox/commit', { namespace: 'modules', repo: 'nodejs', branch: 'my-20' });
  const [row] = (await submitHead(sandbox, 'nodejs', 'my-20')).body as ReadonlyArray<{
    readonly id: number;
    readonly version: string;
    readonly context: string;
  }>;
  await hear(sandbox, (heard) =>
    ofTopic(heard, 'mbs.module.state.change').some(
      ({ body }) => body['id'] === row?.id && body['state_name'] === 'ready',
    ),
  );
  const update = await shipUpdate(sandbox, { module: 'nodejs:my-20' });
  t.is(update.nvr, `nodejs-my_20-${row?.version ?? ''}.${row?.context ?? ''}`);
  t.is(update.builds.length, 2);
  t.true(update.builds.every((nvr) => nvr.includes('.module')));
  const [message] = ofTopic(await heardBy(sandbox), 'bodhi.update.complete.stable');
  t.like(message?.body, {
    update: { builds: [{ nvr: update.nvr, type: 'module' }], release: { name: 'F28M' } },
  });
});

test('what cannot be shipped is refused with the reason', async (t) => {
  const sandbox = await aWorld(t);
  const refusal = async (order: object): Promise<string> => {
    const { status, text } = await post(sandbox, '/sandbox/update', order);
    return `${status} ${text}`;
  };
  t.regex(await refusal({}), /^400 .*is the name of a source package/s);
  t.regex(await refusal({ package: 'bash', stage: 'soon' }), /^400 .*built, signed, stable/s);
  t.regex(await refusal({ package: 'bash', release: 'EPEL' }), /^400 .*not \\"EPEL\\"/s);
  t.regex(await refusal({ module: 'nothing:1' }), /^422 .*no ready build of nothing:1/s);
  t.regex(await refusal({ module: 'nodejs:my-20', release: 'rawhide' }), /^400 .*no modules/s);
});

test('GET /sandbox/updates tells of all that were shipped', async (t) => {
  const sandbox = await aWorld(t);
  const first = await shipUpdate(sandbox, { package: 'bash' });
  const second = await shipUpdate(sandbox, { packages: ['bash', 'openssl'] });
  const { body } = await ask(sandbox, '/sandbox/updates');
  t.deepEqual(body, [first, second] as never);
  t.is(second.nvrs.length, 2);
});

test('an update goes on under its alias after a restart', async (t) => {
  const data = tempFolder(t);
  const first = await startSandbox({ data, distribution: WORLD });
  const built = await shipUpdate(first, { package: 'bash', stage: 'built' });
  await first.close();
  const second = await aSandbox(t, { data, distribution: WORLD });
  const stable = await advance(second, built, 'stable');
  t.is(stable.alias, built.alias);
  t.deepEqual(tagsHeard(await heardBy(second)), PATH);
});
