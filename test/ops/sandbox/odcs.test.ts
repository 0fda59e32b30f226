import test, { type ExecutionContext } from 'ava';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../ops/sandbox/sandbox.ts';
import {
  composesOf,
  composeStates,
  postCompose,
  shipUpdate,
  type ShownCompose,
} from '../../support/sandbox-images.ts';
import {
  aSandbox,
  distributionOf,
  feed,
  ofTopic,
  post,
  tempFolder,
} from '../../support/sandbox.ts';

const WORLD = distributionOf('image base:f28 holds bash', 'package bash 4.4');

const aWorld = async (
  t: ExecutionContext,
  options: Partial<SandboxOptions> = {},
): Promise<Sandbox> => aSandbox(t, { distribution: WORLD, ...options });

const call = async (
  sandbox: Sandbox,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> => {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${sandbox.odcsUrl}/composes/${path}`, { method, ...sent });
  return { status: response.status, body: await response.json() };
};

const misbehave = async (sandbox: Sandbox, rule: object): Promise<unknown> =>
  post(sandbox, '/sandbox/misbehave', rule);

const files = async (compose: ShownCompose): Promise<number> =>
  (await fetch(compose.result_repofile)).status;

test('a compose goes from wait to done, each state on the bus, and then has its repo file', async (t) => {
  const sandbox = await aWorld(t);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash', stage: 'built' });
  const compose = await postCompose(sandbox, [nvr]);
  t.deepEqual(await composeStates(sandbox, compose.id, 'done'), ['wait', 'generating', 'done']);
  const file = await fetch(compose.result_repofile);
  t.is(file.status, 200);
  t.true((await file.text()).startsWith(`[odcs-${compose.id}]\n`));
});

test('the repo file of a compose that is not done is named and missing', async (t) => {
  const sandbox = await aWorld(t, { stepTime: 600_000 });
  const compose = await postCompose(sandbox, ['bash-4.4-1.fc28']);
  t.true(compose.result_repofile.endsWith(`/odcs-${compose.id}.repo`));
  t.is(await files(compose), 404);
});

test('state changes of composes are told in the form of the bridge, with the whole compose', async (t) => {
  const sandbox = await aWorld(t, { stepTime: 600_000 });
  const compose = await postCompose(sandbox, ['bash-4.4-1.fc28']);
  const [message] = ofTopic((await feed(sandbox, '')).messages, 'odcs.compose.state-changed');
  t.regex(message?.id ?? '', /^\d{4}-/);
  t.deepEqual(message?.body, { event: 'state-changed', compose: compose as never });
});

test('a compose of a build that Koji does not know fails and says so', async (t) => {
  const sandbox = await aWorld(t);
  const { id } = await postCompose(sandbox, ['nothing-1.0-1.fc28']);
  await composeStates(sandbox, id, 'failed');
  const [compose] = await composesOf(sandbox);
  t.regex(compose?.state_reason ?? '', /nothing-1\.0-1\.fc28 does not exist/);
});

test('only signed builds go into a compose whose keys leave out the unsigned', async (t) => {
  const sandbox = await aWorld(t);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash', stage: 'built' });
  const signed = await shipUpdate(sandbox, { package: 'bash', stage: 'signed' });
  const order = (builds: ReadonlyArray<string>, sigkeys: ReadonlyArray<string>) => ({
    source: { type: 'build', builds, sigkeys },
  });
  const path = '/odcs/api/1/composes/';
  await post(sandbox, path, order([nvr], ['9db62fb1']));
  await post(sandbox, path, order([nvr], ['9db62fb1', '']));
  await post(sandbox, path, order([signed.nvr], ['9db62fb1']));
  t.is((await composeStates(sandbox, 1, 'failed')).at(-1), 'failed');
  t.is((await composeStates(sandbox, 2, 'done')).at(-1), 'done');
  t.is((await composeStates(sandbox, 3, 'done')).at(-1), 'done');
});

test('a compose is removed when its time is over, and its repo file with it', async (t) => {
  const sandbox = await aWorld(t);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash' });
  const compose = await postCompose(sandbox, [nvr], { seconds_to_live: 1 });
  const states = await composeStates(sandbox, compose.id, 'removed');
  t.deepEqual(states, ['wait', 'generating', 'done', 'removed']);
  t.is(await files(compose), 404);
});

test('renewing a done compose keeps its id and gives it a longer life', async (t) => {
  const sandbox = await aWorld(t);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash' });
  const compose = await postCompose(sandbox, [nvr], { seconds_to_live: 600 });
  await composeStates(sandbox, compose.id, 'done');
  const renewed = await call(sandbox, 'PATCH', String(compose.id), { seconds_to_live: 7200 });
  const after = renewed.body as ShownCompose;
  t.is(renewed.status, 200);
  t.is(after.id, compose.id);
  t.true(Date.parse(after.time_to_expire) > Date.parse(compose.time_to_expire));
});

test('renewing a failed compose makes a new one under a new id', async (t) => {
  const sandbox = await aWorld(t);
  const { id } = await postCompose(sandbox, ['nothing-1.0-1.fc28']);
  await composeStates(sandbox, id, 'failed');
  const { status, body } = await call(sandbox, 'PATCH', String(id), {});
  t.is(status, 200);
  t.is((body as ShownCompose).id, id + 1);
  t.is((body as ShownCompose).state_name, 'wait');
  t.is((body as ShownCompose).builds, 'nothing-1.0-1.fc28');
});

test('a compose can be deleted when it is done, and not while it waits', async (t) => {
  const sandbox = await aWorld(t);
  const { nvr } = await shipUpdate(sandbox, { package: 'bash' });
  await misbehave(sandbox, { kind: 'compose-never-finishes', count: 1 });
  await postCompose(sandbox, [nvr]);
  await postCompose(sandbox, [nvr]);
  await composeStates(sandbox, 2, 'done');
  t.is((await call(sandbox, 'DELETE', '1')).status, 400);
  t.is((await call(sandbox, 'DELETE', '2')).status, 202);
  t.is((await composeStates(sandbox, 2, 'removed')).at(-1), 'removed');
});

test('composes are listed newest first, ten to a page, by owner and state', async (t) => {
  const sandbox = await aWorld(t, { stepTime: 600_000 });
  for (let count = 0; count < 11; count++) await postCompose(sandbox, ['bash-4.4-1.fc28']);
  const idsOf = async (query: string): Promise<ReadonlyArray<number>> => {
    const { items } = (await call(sandbox, 'GET', query)).body as {
      readonly items: ReadonlyArray<ShownCompose>;
    };
    return items.map(({ id }) => id);
  };
  t.deepEqual(await idsOf('?owner=unknown&state=0'), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  t.deepEqual(await idsOf('?page=2'), [1]);
  t.deepEqual(await idsOf('?order_by=id&per_page=2'), [1, 2]);
  t.deepEqual(await idsOf('?owner=somebody'), []);
  t.deepEqual(await idsOf('?state=2'), []);
});

test('with a token writing needs it, reading does not, and its name is the owner of composes', async (t) => {
  const sandbox = await aWorld(t, { token: 'ada:secret' });
  const order = { source: { type: 'tag', source: 'f28' } };
  const send = async (headers: Readonly<Record<string, string>>): Promise<Response> =>
    fetch(`${sandbox.odcsUrl}/composes/`, { method: 'POST', body: JSON.stringify(order), headers });
  t.is((await send({})).status, 401);
  t.is((await send({ Authorization: 'Bearer ada:guess' })).status, 401);
  const made = await send({ Authorization: 'Bearer ada:secret' });
  t.is(made.status, 200);
  t.is(((await made.json()) as ShownCompose).owner, 'ada');
  t.is((await call(sandbox, 'GET', '')).status, 200);
});

test('a compose that is generating when the sandbox ends goes on when it is back', async (t) => {
  const data = tempFolder(t);
  const first = await startSandbox({ data, buildTime: 500, stepTime: 5, distribution: WORLD });
  await postCompose(first, ['nothing-1.0-1.fc28']);
  await composeStates(first, 1, 'generating');
  await first.close();
  const second = await aWorld(t, { data });
  t.deepEqual(await composeStates(second, 1, 'failed'), ['wait', 'generating', 'failed']);
  t.is((await postCompose(second, ['nothing-1.0-1.fc28'])).id, 2);
});
