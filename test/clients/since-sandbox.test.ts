import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { mbsOverHttp } from '../../clients/mbs/http.ts';
import type { Mbs, ReadyBuild } from '../../clients/mbs/port.ts';
import { odcsOverHttp } from '../../clients/odcs/http.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { aKoji } from '../support/a-koji.ts';
import { aSandbox, ask, distributionOf, post, submitHead } from '../support/sandbox.ts';
import type { ShownRow } from '../support/sandbox.ts';
import { shipUpdate } from '../support/sandbox-images.ts';
import { buildImage, call, login, rawCall, session, sourceOf } from '../support/sandbox-koji.ts';

const right = async <A>(task: () => Promise<E.Either<unknown, A>>): Promise<A> => {
  const outcome = await task();
  if (E.isRight(outcome)) return outcome.right;
  throw new Error(JSON.stringify(outcome.left));
};
const codeOf = async (
  task: () => Promise<E.Either<{ readonly code: string }, unknown>>,
): Promise<string> => {
  const outcome = await task();
  return E.isLeft(outcome) ? outcome.left.code : 'answered';
};

const misbehave = async (sandbox: Sandbox, kind: string): Promise<void> => {
  const { status, text } = await post(sandbox, '/sandbox/misbehave', { kind });
  if (status !== 201) throw new Error(text);
};

const mbsOf = ({ mbsUrl: baseUrl }: Pick<Sandbox, 'mbsUrl'>): Mbs =>
  mbsOverHttp({ baseUrl, submitTimeout: 20_000, readTimeout: 20_000, concurrency: 2 });

const longAgo = '2000-01-01T00:00:00.000Z';
const numbers = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, at) => at);

/** Builds a module of the sandbox; its row when it is ready. */
const aReadyRow = async (sandbox: Sandbox): Promise<ShownRow & { time_modified: string }> => {
  await submitHead(sandbox, 'foo', 'f28');
  for (;;) {
    const { body } = await ask(sandbox, '/sandbox/rows');
    const row = (body as ReadonlyArray<ShownRow>).find(({ name, state }) => {
      return name === 'foo' && state === 5;
    });
    if (row !== undefined) {
      const path = `/module-build-service/1/module-builds/${row.id}?verbose=true`;
      return (await ask(sandbox, path)).body as ShownRow & { time_modified: string };
    }
  }
};

test('a module counts as ready since a moment up to the second of its change', async (t) => {
  const sandbox = await aSandbox(t);
  const row = await aReadyRow(sandbox);
  const since = async (time: number): Promise<ReadonlyArray<ReadyBuild>> => {
    const { builds } = await right(mbsOf(sandbox).readySince(new Date(time).toISOString(), 1));
    return builds.filter(({ name }) => name === 'foo');
  };
  const changed = Date.parse(row.time_modified);
  const [found] = await since(changed);
  t.like(found, { id: row.id, stream: 'f28', context: row.context, stateName: 'ready' });
  t.regex(found?.commit ?? '', /^[0-9a-f]{40}$/);
  t.is(found?.changedAt, new Date(changed).toISOString());
  t.is((await since(Date.parse(longAgo))).length, 1);
  t.is((await since(changed + 1000)).length, 0);
});

test('image builds are listed from a moment on, by id and page by page', async (t) => {
  const { sandbox, koji } = await aKoji(t, 'image base:f28 holds bash', 'image web:f28 holds bash');
  const before = await right(koji.imageBuildsSince(longAgo, 0, 100));
  t.is(before.length, (await right(koji.imageBuilds(0, 100))).total);
  t.true(before.length >= 2);
  const pages = await Promise.all(
    numbers(before.length + 1).map((offset) => right(koji.imageBuildsSince(longAgo, offset, 1))),
  );
  t.deepEqual(pages.flat(), before);
  t.is(pages.at(-1)?.length, 0);
  const built = await buildImage(sandbox, 'base:f28');
  if (typeof built === 'string') throw new Error(built);
  const { completion_ts: at } = (await call(sandbox, 'getBuild', built.id)) as {
    readonly completion_ts: number;
  };
  const completed = new Date(at * 1000);
  const news = await right(koji.imageBuildsSince(completed.toISOString(), 0, 100));
  t.deepEqual(news, [{ id: built.id, nvr: built.nvr }]);
  const later = new Date(completed.getTime() + 1000).toISOString();
  t.deepEqual(await right(koji.imageBuildsSince(later, 0, 100)), []);
});

test('of the tasks of Koji those in our name are listed, with what they were asked for', async (t) => {
  const { sandbox, koji } = await aKoji(t, 'image base:f28 holds bash');
  await misbehave(sandbox, 'image-never-finishes');
  const source = await sourceOf(sandbox, 'base', 'f28');
  const target = 'f28-container-candidate';
  const order = { source, target, branch: 'f28', parent: null, composeIds: [], repoUrls: [] };
  const [first, second] = [
    await right(koji.buildContainer({ ...order, release: '7.1' })),
    await right(koji.buildContainer({ ...order, release: null })),
  ];
  const params = [source, target, { scratch: false, git_branch: 'f28', release: '7.2' }];
  const asAda = session(await login(sandbox, 'ada'), 1);
  t.is((await rawCall(sandbox, 'buildContainer', params, asAda)).status, 200);

  const own = await right(koji.ownTasks(longAgo, 0, 100));

  t.is(own.length, 2);
  t.like(own[0], { id: first, source, branch: 'f28', release: '7.1' });
  t.like(own[1], { id: second, source, branch: 'f28', release: null });
  t.deepEqual(await right(koji.ownTasks(longAgo, 1, 1)), [own[1]]);
  t.deepEqual(await right(koji.ownTasks(new Date(Date.now() + 60_000).toISOString(), 0, 9)), []);
});

test('of the composes of ODCS those of our name above an id are listed, newest first', async (t) => {
  const distribution = distributionOf('image base:f28 holds bash');
  const sandbox = await aSandbox(t, { distribution, buildTime: 600_000 });
  const { nvr } = await shipUpdate(sandbox, { package: 'bash', stage: 'built' });
  const as = (owner: string | undefined, token: string) =>
    odcsOverHttp({
      ...{ baseUrl: sandbox.odcsUrl, token, callTimeout: 20_000, concurrency: 2 },
      ...(owner === undefined ? {} : { owner }),
    });
  const order = { packages: [], sigkeys: [''], arches: [], secondsToLive: 600 };
  const make = (token: string) =>
    right(as('x', token).create({ ...order, builds: [nvr] })).then(({ id }) => id);
  const first = await make('ada:secret');
  const [, ...more] = [await make('bob:secret'), await make('ada:secret'), await make('ada:b')];
  const ada = as('ada', 'ada:secret');
  const ids = (all: ReadonlyArray<{ readonly id: number }> | undefined) => all?.map(({ id }) => id);

  t.deepEqual(ids(await right(ada.ownSince(0))), [...more.toReversed(), first]);
  t.deepEqual(ids(await right(ada.ownSince(first))), more.toReversed());
  t.deepEqual(ids(await right(ada.ownSince(more.at(-1) ?? 0))), []);
  t.deepEqual((await right(ada.ownSince(0)))?.[0]?.builds, [nvr]);
  t.is(await right(as(undefined, 'ada:secret').ownSince(0)), undefined);
});

test('a service that is down says so to each of these questions', async (t) => {
  const { sandbox, koji } = await aKoji(t, 'image base:f28 holds bash');
  await misbehave(sandbox, 'koji-unavailable');
  await misbehave(sandbox, 'odcs-unavailable');
  const odcs = odcsOverHttp({
    ...{ baseUrl: sandbox.odcsUrl, owner: 'ada', callTimeout: 20_000, concurrency: 2 },
  });
  t.is(await codeOf(koji.imageBuildsSince(longAgo, 0, 10)), 'koji-unavailable');
  t.is(await codeOf(koji.ownTasks(longAgo, 0, 10)), 'koji-unavailable');
  t.is(await codeOf(odcs.ownSince(0)), 'odcs-unavailable');
  const nobody = mbsOf({ mbsUrl: 'http://127.0.0.1:1/' });
  t.is(await codeOf(nobody.readySince(longAgo, 1)), 'mbs-unavailable');
});
