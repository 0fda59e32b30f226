import test from 'ava';
import { startSandbox } from '../../../ops/sandbox/sandbox.ts';
import { call, faultOf, login, named, rawCall, session } from '../../support/sandbox-koji.ts';
import { shipUpdate } from '../../support/sandbox-images.ts';
import { aSandbox, ask, distributionOf, feed, ofTopic, tempFolder } from '../../support/sandbox.ts';

const distribution = distributionOf(
  'package openssl 1:1.1.0 gives openssl,openssl-libs',
  'image base:f28 holds bash,glibc past same past ksh',
  'image httpd:f28 as httpd-container from base:f28 holds httpd,openssl-libs=openssl past -httpd',
  'image tools:master from base:f28 holds nodejs%nodejs:20 branchless',
  'image planned:f28 unbuilt',
  'nodejs:20 holds nodejs',
);

type Row = Readonly<Record<string, unknown>>;

const rows = (value: unknown): ReadonlyArray<Row> => value as ReadonlyArray<Row>;
const nvrs = (value: unknown): ReadonlyArray<unknown> => rows(value).map(({ nvr }) => nvr);

test('an image has as many builds as its line tells, parents first, each with what it held then', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const builds = await call(sandbox, 'listBuilds', named({ type: 'image', state: 1 }));
  t.deepEqual(nvrs(builds), [
    ...['base-28-1.f28container', 'base-28-2.f28container', 'httpd-container-28-1.f28container'],
    ...['base-28-3.f28container', 'httpd-container-28-2.f28container', 'tools-29-1.f29container'],
  ]);
  const held: Array<ReadonlyArray<unknown>> = [];
  for (const { build_id: id } of rows(builds)) {
    const archives = rows(
      await call(sandbox, 'listArchives', Number(id), named({ type: 'image' })),
    );
    t.deepEqual(
      archives.map(({ arch }) => arch),
      ['x86_64', 'aarch64'],
    );
    const rpms = await call(sandbox, 'listRPMs', named({ imageID: Number(archives[0]!['id']) }));
    held.push(nvrs(rpms));
  }
  t.deepEqual(held, [
    ['bash-1.0-1.fc28', 'glibc-1.0-1.fc28', 'ksh-1.0-1.fc28'],
    ['bash-1.0-2.fc28', 'glibc-1.0-2.fc28'],
    ['bash-1.0-2.fc28', 'glibc-1.0-2.fc28', 'openssl-libs-1.1.0-2.fc28'],
    ['bash-1.0-3.fc28', 'glibc-1.0-3.fc28'],
    ...[['bash-1.0-3.fc28', 'glibc-1.0-3.fc28', 'httpd-1.0-3.fc28', 'openssl-libs-1.1.0-3.fc28']],
    ['bash-1.0-3.fc28', 'glibc-1.0-3.fc28', 'nodejs-1.0-1.module+3'],
  ]);
});

test('an image names its parent and the task that built it, which may tell no branch', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const build = (await call(sandbox, 'getBuild', 'tools-29-1.f29container')) as Row;
  const extra = build['extra'] as { image: Row; container_koji_task_id: number };
  t.is(build['task_id'], null);
  const parent = (await call(sandbox, 'getBuild', 'base-28-3.f28container')) as Row;
  t.is(extra.image['parent_build_id'], parent['build_id']);
  const pullspec = 'registry.fedoraproject.org/f28/base:latest';
  t.deepEqual(extra.image['parent_images'], [pullspec]);
  t.deepEqual(extra.image['parent_image_builds'], {
    [pullspec]: { id: parent['build_id'], nvr: 'base-28-3.f28container' },
  });
  const asking = named({ request: true });
  const task = (await call(sandbox, 'getTaskInfo', extra.container_koji_task_id, asking)) as Row;
  t.deepEqual((task['request'] as ReadonlyArray<unknown>).slice(1), [
    ...['rawhide-container-candidate', { scratch: false }],
  ]);
  const base = (await call(sandbox, 'getBuild', 'base-28-1.f28container')) as Row;
  const told = (base['extra'] as typeof extra).container_koji_task_id;
  const other = (await call(sandbox, 'getTaskInfo', told, asking)) as Row;
  t.deepEqual((other['request'] as ReadonlyArray<unknown>)[2], {
    ...{ scratch: false, git_branch: 'f28' },
  });
});

test('a package has its source, its binaries and its debug RPMs on each arch', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const files = rows(await call(sandbox, 'listBuildRPMs', 'openssl-1.1.0-1.fc28'));
  t.deepEqual(
    files.map(({ name, arch, epoch }) => `${String(name)} ${String(arch)} ${String(epoch)}`),
    [
      'openssl src 1',
      ...['x86_64', 'aarch64'].flatMap((arch) =>
        ['openssl', 'openssl-libs', 'openssl-debuginfo', 'openssl-debugsource'].map(
          (name) => `${name} ${arch} 1`,
        ),
      ),
    ],
  );
  const signed = rows(await call(sandbox, 'queryRPMSigs', Number(files[0]!['id'])));
  t.deepEqual(
    signed.map(({ sigkey }) => sigkey),
    ['', '9db62fb1'],
  );
});

test('builds are counted, ordered and paged as asked', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const page = { order: '-build_id', offset: 1, limit: 2 };
  const found = await call(sandbox, 'listBuilds', named({ type: 'image', queryOpts: page }));
  t.deepEqual(nvrs(found), ['httpd-container-28-2.f28container', 'base-28-3.f28container']);
  const count = named({ type: 'image', queryOpts: { countOnly: true } });
  t.is(await call(sandbox, 'listBuilds', count), 6);
  const filtered = named({ type: 'image', filterOpts: { order: 'nvr', limit: 1 } });
  const [total, first] = (await call(sandbox, 'countAndFilterResults', 'listBuilds', filtered)) as [
    ...[number, ReadonlyArray<Row>],
  ];
  t.is(total, 6);
  t.deepEqual(nvrs(first), ['base-28-1.f28container']);
  const after = named({ type: 'image', completeAfter: '2026-08-31 00:00:00' });
  t.is(rows(await call(sandbox, 'listBuilds', after)).length, 3);
  t.deepEqual(await call(sandbox, 'listBuilds', named({ packageID: 'nobody' })), []);
});

test('the newest builds of a tag and of those it inherits from are listed once', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const asking = named({ inherit: true, latest: true, package: 'bash' });
  t.deepEqual(nvrs(await call(sandbox, 'listTagged', 'f28-updates', asking)), ['bash-1.0-3.fc28']);
  const all = named({ inherit: true, package: 'bash' });
  t.deepEqual(nvrs(await call(sandbox, 'listTagged', 'f28-updates', all)), [
    ...['bash-1.0-3.fc28', 'bash-1.0-2.fc28', 'bash-1.0-1.fc28'],
  ]);
  const tags = rows(await call(sandbox, 'listTags', 'bash-1.0-2.fc28'));
  t.deepEqual(
    tags.map(({ name }) => name),
    ['f28-updates'],
  );
  t.is(await faultOf(sandbox, 'listTagged', ['nope']), "1000 No such tagInfo: 'nope'");
});

test('references of a build are the archives of the images that hold any RPM of it', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const build = (await call(sandbox, 'getBuild', 'openssl-1.1.0-2.fc28')) as Row;
  const { images } = (await call(sandbox, 'buildReferences', Number(build['id']))) as {
    images: ReadonlyArray<number>;
  };
  t.is(images.length, 2);
  const archive = (await call(sandbox, 'getArchive', images[0]!)) as Row;
  const image = (await call(sandbox, 'getBuild', Number(archive['build_id']))) as Row;
  t.is(image['nvr'], 'httpd-container-28-1.f28container');
});

test('a call number that was used is 1009, one behind is 1008, and faults use none up', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const mine = await login(sandbox, 'somebody');
  const asked = async (callnum: number, method = 'getLoggedInUser') =>
    faultOf(sandbox, method, [], session(mine, callnum));
  t.is(await asked(5), 'no fault');
  t.is(
    await asked(5),
    `1009 unable to retry call 5 (method getLoggedInUser) for session ${mine.id}`,
  );
  t.is(await asked(4), `1008 5 > 4 (session ${mine.id})`);
  t.is(await asked(6, 'nosuch'), '1000 Invalid method: nosuch');
  t.is(await asked(6), 'no fault');
});

test('a session is whose login it was, in headers or in the query string, until logout', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const mine = await login(sandbox, 'somebody');
  const who = await rawCall(sandbox, 'getLoggedInUser', [], session(mine, 1));
  t.regex(who.text, /<string>somebody<\/string>/);
  t.is(await call(sandbox, 'getLoggedInUser'), null);
  const old = {
    ...sandbox,
    kojiUrl: `${sandbox.kojiUrl}?session-id=${mine.id}&session-key=${mine.key}&callnum=2`,
  };
  t.regex((await rawCall(old, 'getLoggedInUser')).text, /<string>somebody<\/string>/);
  await rawCall(sandbox, 'logout', [], session(mine, 3));
  t.is(
    await faultOf(sandbox, 'getLoggedInUser', [], session(mine, 4)),
    '1002 Invalid session or bad credentials',
  );
});

test('parameters that do not fit are told as Python does', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  t.is(
    await faultOf(sandbox, 'getBuild', [named({ buildInfo: 1, nope: 2 })]),
    "1019 get_build() got an unexpected keyword argument 'nope'",
  );
  t.is(
    await faultOf(sandbox, 'getBuild', [1, false, 3]),
    '1019 get_build() takes from 1 to 2 positional arguments but 3 were given',
  );
});

test('calls of a multiCall fail each by itself', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const calls = [
    { methodName: 'getBuild', params: ['bash-1.0-1.fc28'] },
    { methodName: 'getBuild', params: ['nope', named({ strict: true })] },
    { methodName: 'getPackageID', params: ['bash'] },
  ];
  const [first, second, third] = (await call(sandbox, 'multiCall', calls)) as [
    [Row],
    Row,
    [number],
  ];
  t.is(first[0]['nvr'], 'bash-1.0-1.fc28');
  t.like(second, { faultCode: 1000, faultString: "No such build: 'nope'" });
  t.is(third[0], Number(first[0]['package_id']));
});

test('what is no call is refused in plain text', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const send = async (body: string) => fetch(sandbox.kojiUrl, { method: 'POST', body });
  t.is((await send('nonsense')).status, 400);
  t.is((await send('<!DOCTYPE a [<!ENTITY b "c">]><methodCall/>')).status, 400);
  t.is((await fetch(sandbox.kojiUrl)).status, 405);
});

test('the world tells its images, and the request log what Koji was asked', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const { images } = (await ask(sandbox, '/sandbox/world')).body as { images: ReadonlyArray<Row> };
  t.deepEqual(images[1], {
    ...{ name: 'httpd', branch: 'f28', component: 'httpd-container', parent: 'base:f28' },
    ...{ built: true },
    packages: [
      { rpm: 'httpd', source: 'httpd' },
      { rpm: 'openssl-libs', source: 'openssl' },
    ],
  });
  await call(sandbox, 'getBuild', 'a & <b>', named({ strict: false }));
  const { body } = await ask(sandbox, '/sandbox/requests');
  t.like(rows(body).at(-1), {
    ...{ path: '/kojihub', status: 200 },
    call: { method: 'getBuild', params: ['a & <b>'], named: { strict: false } },
  });
});

test('a package that ships is built, signed and tagged in Koji, and survives a restart', async (t) => {
  const options = { data: tempFolder(t), distribution };
  const first = await startSandbox({ ...options, buildTime: 5, stepTime: 5 });
  const { builds } = await shipUpdate(first, { package: 'openssl' });
  t.deepEqual(builds, ['openssl-1.1.0-4.fc28']);
  const signs = ofTopic((await feed(first, '')).messages, 'buildsys.rpm.sign');
  t.is(signs.length, 9);
  t.like(signs[0]?.body, { rpm: { name: 'openssl', arch: 'src', epoch: 1 } });
  await first.close();
  const second = await aSandbox(t, options);
  const tagged = await call(second, 'listTagged', 'f28-updates', named({ package: 'openssl' }));
  t.is(nvrs(tagged)[0], 'openssl-1.1.0-4.fc28');
});
