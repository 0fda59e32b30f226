import test from 'ava';
import type { Story } from '../support/story.ts';
import { aStory, commit, ended, messagesOf } from '../support/story.ts';
import { eventsOf as eventsIn } from '../support/ingest-world.ts';
import { kojiOf } from '../support/a-koji.ts';
import { advance, shipUpdate, tasksOf } from '../support/sandbox-images.ts';
import { git, hear, ofTopic } from '../support/sandbox.ts';
import { eventsOf, must, until } from '../support/service.ts';
import { join } from 'node:path';

const images = ['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds openssl'];

const triggersOf = async ({ service }: Story): Promise<ReadonlyArray<string>> =>
  (await eventsOf(service)).map(({ trigger }) => trigger);

const codesOf = async ({ service }: Story) =>
  (await messagesOf(service)).flatMap(({ code }) => (code === null ? [] : [code]));

test('a build whose signatures and whose tag are told of is one event', async (t) => {
  const story = await aStory(t, { modules: images });
  const { sandbox, service } = story;
  const update = await shipUpdate(sandbox, { package: 'bash', release: 'f28', stage: 'built' });
  await advance(sandbox, update, 'signed');
  const heard = await hear(sandbox, (all) => ofTopic(all, 'buildsys.rpm.sign').length > 0);
  const { id } = must(await kojiOf(sandbox).build(update.nvr)());
  const { log } = service.stores;
  await until(service, async () =>
    (await eventsIn(log, `signing-${id}`)).some(({ type }) => type === 'SignaturesChecked'),
  );
  const signatures = ofTopic(heard, 'buildsys.rpm.sign').length;
  const signing = await eventsIn(log, `signing-${id}`);
  t.is(signing.filter(({ type }) => type === 'SignatureHeard').length, signatures);
  t.deepEqual(await triggersOf(story), [`signed:${update.nvr}`]);
});

test('a Dockerfile that both publishers tell of is one event, and rebuilds its image once', async (t) => {
  const story = await aStory(t, { modules: images });
  const { sandbox, service } = story;
  const rev = await commit(sandbox, 'container/httpd', { file: 'Dockerfile' });
  await ended(service, 1);
  await until(service, async () => (await codesOf(story)).includes('covered'));
  t.deepEqual(await triggersOf(story), [`git:container/httpd@f28@${rev}`]);
  const tasks = await tasksOf(sandbox);
  t.is(tasks.length, 1);
  t.true(tasks[0]?.source.includes(rev));
});

test('an image that somebody else has built is on record when the bus tells of it', async (t) => {
  const story = await aStory(t, { modules: images });
  const { sandbox, service } = story;
  const koji = kojiOf(sandbox);
  const repository = join(sandbox.gitFolder, 'container', 'base.git');
  const head = await git(repository, 'rev-parse', 'refs/heads/f28');
  const task = must(
    await koji.buildContainer({
      ...{ source: `${sandbox.gitUrl}/container/base.git#${head}`, branch: 'f28' },
      ...{ target: 'f28-container-candidate', release: '77.1', parent: null },
      ...{ composeIds: [], repoUrls: [] },
    })(),
  );
  const { log } = service.stores;
  let built: ReadonlyArray<number> = [];
  await until(service, async () => {
    built = must(await koji.task(task)()).builds;
    return built.length > 0;
  });
  const { nvr } = must(await koji.build(built[0] ?? 0)());
  const stream = `image-${nvr}`;
  await until(service, async () => (await eventsIn(log, stream)).length >= 3);
  t.deepEqual(
    (await eventsIn(log, stream)).map(({ type }) => type),
    ['ImageBuildHeard', 'ImageContentsPart', 'ImageContentsRecorded'],
  );
});
