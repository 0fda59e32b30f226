import test from 'ava';
import { startSandbox } from '../../../ops/sandbox/sandbox.ts';
import {
  buildImage,
  call,
  endOf,
  failureOf,
  faultOf,
  imageBuildsOf,
  login,
  named,
  orderImage,
  session,
  sourceOf,
  taskIdOf,
  type Json,
} from '../../support/sandbox-koji.ts';
import { postCompose, shipUpdate, tasksOf } from '../../support/sandbox-images.ts';
import {
  aSandbox,
  distributionOf,
  feed,
  hear,
  ofTopic,
  post,
  tempFolder,
} from '../../support/sandbox.ts';

const distribution = distributionOf(
  'image base:f28 holds bash,openssl-libs=openssl',
  'image httpd:f28 from base:f28 holds httpd',
  'image shop:f28 from httpd:f28 holds shop-theme',
  'image base:master holds bash',
  'image orphan:f28 from planned:f28',
  'image planned:f28 unbuilt',
);

const SECOND = '2.f28container';

test('a child holds what its parent holds, and its own packages at their newest', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await shipUpdate(sandbox, { package: 'openssl' });
  await shipUpdate(sandbox, { package: 'httpd' });
  t.like(await buildImage(sandbox, 'httpd:f28'), {
    ...{ nvr: `httpd-28-${SECOND}`, parent: 'base-28-1.f28container', branch: 'f28' },
    rpms: ['bash-1.0-1.fc28', 'httpd-1.0-2.fc28', 'openssl-libs-1.0-1.fc28'],
  });
  t.like(await buildImage(sandbox, 'base:f28'), {
    ...{ nvr: `base-28-${SECOND}`, parent: null },
    rpms: ['bash-1.0-1.fc28', 'openssl-libs-1.0-2.fc28'],
  });
  t.like(await buildImage(sandbox, 'httpd:f28'), {
    ...{ nvr: 'httpd-28-3.f28container', parent: `base-28-${SECOND}` },
    rpms: ['bash-1.0-1.fc28', 'httpd-1.0-2.fc28', 'openssl-libs-1.0-2.fc28'],
  });
});

test('a parent that is named is used in place of the newest', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await buildImage(sandbox, 'base:f28');
  const parent = 'base-28-1.f28container';
  t.like(await buildImage(sandbox, 'httpd:f28', { koji_parent_build: parent }), { parent });
});

test('a compose hands over packages that are not yet stable, and is waited for', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await shipUpdate(sandbox, { package: 'openssl', stage: 'signed' });
  const stale = { rpms: ['bash-1.0-1.fc28', 'openssl-libs-1.0-1.fc28'] };
  t.like(await buildImage(sandbox, 'base:f28'), stale);
  const { id } = await postCompose(sandbox, ['openssl-1.0-2.fc28']);
  t.like(await buildImage(sandbox, 'base:f28', { compose_ids: [id] }), {
    ...{ rpms: ['bash-1.0-1.fc28', 'openssl-libs-1.0-2.fc28'], composes: [id] },
  });
  const build = (await call(sandbox, 'getBuild', 'base-28-3.f28container')) as { extra: Json };
  t.like((build.extra['image'] as Json)['odcs'], { compose_ids: [id] });
});

test('a Dockerfile that drops a package gives an image without it', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const file = 'FROM registry.fedoraproject.org/f28/base:latest\nRUN dnf -y install shop-theme\n';
  const order = { namespace: 'container', repo: 'httpd', branch: 'f28', content: file };
  await post(sandbox, '/sandbox/commit', order);
  t.like(await buildImage(sandbox, 'httpd:f28'), {
    rpms: ['bash-1.0-1.fc28', 'openssl-libs-1.0-1.fc28', 'shop-theme-1.0-1.fc28'],
  });
});

test('an image is told of by one build message and one tag, and by no task', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await buildImage(sandbox, 'base:f28');
  await buildImage(sandbox, 'base:master', { release: '7.1' });
  const heard = await hear(sandbox, (all) => ofTopic(all, 'buildsys.tag').length === 2);
  const built = ofTopic(heard, 'buildsys.build.state.change').map(({ body }) => body);
  t.is(built.length, 2);
  t.like(built[0], {
    ...{ attribute: 'state', old: null, new: 1, task_id: null, request: null, epoch: null },
    ...{ name: 'base', version: '28', release: SECOND, instance: 'primary' },
  });
  t.deepEqual(
    ofTopic(heard, 'buildsys.tag').map(({ body }) => [body['release'], body['tag']]),
    [
      [SECOND, 'f28-container-updates-candidate'],
      ['7.1', 'f29-container'],
    ],
  );
  t.deepEqual(ofTopic(heard, 'buildsys.task.state.change'), []);
});

test('a task is FREE, ASSIGNED, OPEN and CLOSED', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const id = taskIdOf(await orderImage(sandbox, 'base:f28'));
  await endOf(sandbox, id);
  t.deepEqual((await tasksOf(sandbox))[0]!['states'], ['FREE', 'ASSIGNED', 'OPEN', 'CLOSED']);
  t.true(await call(sandbox, 'taskFinished', id));
});

const FAILURES = [
  ['an option nobody knows', { nope: 1 }, /Additional properties .*'nope'/],
  ['an option of a wrong type', { scratch: null }, /'scratch'/],
  ['no branch', { git_branch: null }, /Git branch must be specified/],
  ['a branch that is not there', { git_branch: 'f99' }, /Branch f99 does not exist/],
  ['an NVR that exists', { release: '1.f28container' }, /already exists/],
  ['a parent nobody knows', { koji_parent_build: 'base-1-1' }, /base-1-1/],
  ['a compose with an intent', { compose_ids: [1], signing_intent: 'x' }, /signing_intent/],
] as const;

for (const [what, opts, reason] of FAILURES) {
  test(`${what} makes the task fail, not the call, and nothing is told of it`, async (t) => {
    const sandbox = await aSandbox(t, { distribution });
    const said = await failureOf(sandbox, 'base:f28', opts);
    t.regex(said, /^1005 BuildError: /);
    t.regex(said, reason);
    t.is((await imageBuildsOf(sandbox, 'base')).length, 2);
    t.deepEqual((await feed(sandbox, '')).messages, []);
  });
}

test('a source, a target or a Dockerfile that is not there makes the task fail', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const git = 'git://pkgs.fedoraproject.org/container';
  const good = await sourceOf(sandbox, 'base', 'f28');
  const ended = async (source: string, target = 'f28-container-candidate'): Promise<string> => {
    const params = [source, target, { git_branch: 'f28' }];
    const headers = session(await login(sandbox), 1);
    t.is(await faultOf(sandbox, 'buildContainer', params, headers), 'no fault');
    const id = (await tasksOf(sandbox)).at(-1)!.id;
    t.is(await endOf(sandbox, id), 5);
    return faultOf(sandbox, 'getTaskResult', [id]);
  };
  t.regex(await ended(`${git}/base#${'0'.repeat(40)}`), /unknown revision/);
  t.regex(await ended(`${git}/nobody#${'0'.repeat(40)}`), /not found/);
  t.regex(await ended(good, 'nowhere'), /Target `nowhere` not found/);
  const rpms = `git://pkgs.fedoraproject.org/rpms/bash#`;
  await post(sandbox, '/sandbox/commit', { repo: 'bash', branch: 'f28' });
  const pushed = ofTopic((await feed(sandbox, '')).messages, 'pagure.git.receive')[0]!.body;
  t.is(
    await ended(rpms + String(pushed['end_commit'])),
    '1005 BuildError: Dockerfile file missing',
  );
});

test('a parent that was never built, or a failed compose, makes the task fail', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  t.regex(await failureOf(sandbox, 'orphan:f28'), /f28\/planned:latest not found/);
  const { id } = await postCompose(sandbox, ['nobody-1-1']);
  const said = await failureOf(sandbox, 'base:f28', { compose_ids: [id] });
  t.regex(said, new RegExp(`Compose ${id} is in state failed`));
});

test('own tasks are found by owner, method and time, with what they were asked', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const id = taskIdOf(await orderImage(sandbox, 'base:f28', { release: '2.77' }));
  const other = session(await login(sandbox, 'other'), 1);
  const params = ['git://x/container/base#1', 'f28-container-candidate', { release: '2.77' }];
  await faultOf(sandbox, 'buildContainer', params, other);
  const me = (await call(sandbox, 'getUser', 'freshmaker')) as { id: number };
  const asked = async (more: { [name: string]: number }) =>
    (await call(
      sandbox,
      'listTasks',
      { owner: me.id, method: 'buildContainer', decode: true, ...more },
      { order: '-id' },
    )) as ReadonlyArray<Json>;
  const found = await asked({ createdAfter: Date.now() / 1000 - 60 });
  t.deepEqual(
    found.map((task) => task['id']),
    [id],
  );
  const [source, , opts] = found[0]!['request'] as [string, string, Json];
  t.regex(source, /\/container\/base\?#[0-9a-f]{40}$/);
  t.deepEqual(opts, { scratch: false, git_branch: 'f28', release: '2.77' });
  t.deepEqual(await asked({ createdAfter: Date.now() / 1000 + 60 }), []);
});

test('a task that is canceled makes nothing, and only its owner cancels it', async (t) => {
  const sandbox = await aSandbox(t, { distribution, stepTime: 60_000 });
  const id = taskIdOf(await orderImage(sandbox, 'base:f28'));
  const other = session(await login(sandbox, 'other'), 1);
  t.is(await faultOf(sandbox, 'cancelTask', [id], other), '1004 Cannot cancel task, not owner');
  const mine = session(await login(sandbox), 1);
  t.is(await faultOf(sandbox, 'cancelTask', [id], mine), 'no fault');
  t.is(await endOf(sandbox, id), 3);
  t.is(await faultOf(sandbox, 'getTaskResult', [id]), `1000 Task ${id} is canceled`);
});

test('a scratch build leaves no build', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const id = taskIdOf(await orderImage(sandbox, 'base:f28', { scratch: true }));
  t.is(await endOf(sandbox, id), 2);
  t.like(await call(sandbox, 'getTaskResult', id, named({ raise_fault: false })), {
    koji_builds: [],
  });
  t.is((await imageBuildsOf(sandbox, 'base')).length, 2);
});

test('a task that ran when the sandbox stopped goes on by itself after the next start', async (t) => {
  const options = { data: tempFolder(t), distribution, stepTime: 500 };
  const first = await startSandbox({ ...options, buildTime: 5 });
  const mine = await login(first);
  const id = taskIdOf(await orderImage(first, 'base:f28'));
  await first.close();
  const second = await aSandbox(t, options);
  t.is(await faultOf(second, 'getLoggedInUser', [], session(mine, 1)), 'no fault');
  t.is(await endOf(second, id), 2);
  t.is((await imageBuildsOf(second, 'base')).at(-1)!.nvr, `base-28-${SECOND}`);
  t.is(taskIdOf(await orderImage(second, 'base:f28')), id + 1);
});

test('a task whose compose is not done yet stays open', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  await post(sandbox, '/sandbox/misbehave', { kind: 'compose-never-finishes', count: 1 });
  const compose = await postCompose(sandbox, ['bash-1.0-1.fc28']);
  const waiting = taskIdOf(await orderImage(sandbox, 'base:f28', { compose_ids: [compose.id] }));
  await buildImage(sandbox, 'base:f28');
  t.like(await call(sandbox, 'getTaskInfo', waiting), { state: 1 });
});

test('what an image installs itself takes the place of what its parent had', async (t) => {
  const lines = ['image base:f28 holds bash,ksh', 'image web:f28 from base:f28 holds bash'];
  const sandbox = await aSandbox(t, { distribution: distributionOf(...lines) });
  await shipUpdate(sandbox, { package: 'bash' });
  t.like(await buildImage(sandbox, 'web:f28'), { rpms: ['bash-1.0-2.fc28', 'ksh-1.0-1.fc28'] });
});

test('of two orders for one NVR one is built and one fails', async (t) => {
  const sandbox = await aSandbox(t, { distribution });
  const opts = { release: '1.5' };
  const both = [
    await orderImage(sandbox, 'base:f28', opts),
    await orderImage(sandbox, 'base:f28', opts),
  ];
  const states = await Promise.all(both.map(async (one) => endOf(sandbox, taskIdOf(one))));
  t.deepEqual(states.toSorted(), [2, 5]);
});
