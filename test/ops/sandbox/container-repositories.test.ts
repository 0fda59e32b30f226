import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Sandbox } from '../../../ops/sandbox/sandbox.ts';
import {
  ask,
  aSandbox,
  distributionOf,
  feed,
  git,
  hear,
  ofTopic,
  post,
  tempFolder,
  type Heard,
} from '../../support/sandbox.ts';

const aWorld = async (t: ExecutionContext): Promise<Sandbox> =>
  aSandbox(t, {
    distribution: distributionOf(
      'image base:f28 holds bash',
      'image httpd:f28 as httpd-container from base:f28 holds httpd',
      'image httpd:master as httpd-container from base:master holds httpd',
      'image base:master holds bash',
    ),
  });

test('an image has a repository with a Dockerfile on each of its branches', async (t) => {
  const sandbox = await aWorld(t);
  const folder = tempFolder(t);
  await git(folder, 'clone', '--quiet', `${sandbox.gitUrl}/container/httpd.git`, 'clone');
  const clone = join(folder, 'clone');
  const file = await git(clone, 'show', 'origin/f28:Dockerfile');
  t.regex(file, /^FROM registry\.fedoraproject\.org\/f28\/base:latest\n/);
  t.regex(file, /LABEL com\.redhat\.component="httpd-container"/);
  t.regex(file, /install httpd /);
  t.regex(await git(clone, 'show', 'origin/master:Dockerfile'), /\/master\/base:latest/);
});

test('the repositories of images are there for file paths from the beginning', async (t) => {
  const sandbox = await aWorld(t);
  const folder = join(sandbox.gitFolder, 'container', 'base.git');
  t.deepEqual((await git(folder, 'branch', '--format=%(refname:short)')).split('\n'), [
    'f28',
    'master',
  ]);
});

test('a Dockerfile that is changed by request is announced in namespace container', async (t) => {
  const sandbox = await aWorld(t);
  const change = { namespace: 'container', repo: 'httpd', branch: 'f28' };
  const { rev } = (await post(sandbox, '/sandbox/commit', change)).body as { readonly rev: string };
  const { messages } = await feed(sandbox, '');
  const [receive] = ofTopic(messages, 'git.receive');
  t.like(receive?.body, { commit: { rev, repo: 'httpd', namespace: 'container', branch: 'f28' } });
  const { stats } = receive?.body['commit'] as { readonly stats: { readonly files: object } };
  t.deepEqual(Object.keys(stats.files), ['Dockerfile']);
  const [push] = ofTopic(messages, 'pagure.git.receive');
  t.like(push?.body, { end_commit: rev, repo: { fullname: 'container/httpd', parent: null } });
});

test('a Dockerfile pushed with git is announced as well', async (t) => {
  const sandbox = await aWorld(t);
  const folder = tempFolder(t);
  const url = `${sandbox.gitUrl}/container/httpd.git`;
  await git(folder, 'clone', '--quiet', '--branch', 'master', url, 'clone');
  const clone = join(folder, 'clone');
  await git(clone, 'mv', 'Dockerfile', 'Containerfile');
  await git(clone, 'commit', '--quiet', '-m', 'Rename');
  await git(clone, 'push', '--quiet', 'origin', 'master');
  const heard = await hear(sandbox, (all) => ofTopic(all, 'pagure.git.receive').length > 0);
  t.like(ofTopic(heard, 'pagure.git.receive')[0]?.body, {
    ...{ branch: 'master', repo: { namespace: 'container', name: 'httpd' } },
  });
});

test('the page for people shows images, composes and updates', async (t) => {
  const sandbox = await aWorld(t);
  await post(sandbox, '/sandbox/update', { package: 'bash', version: '<5>' });
  await post(sandbox, '/sandbox/update', { package: 'bash', version: '5.1' });
  await post(sandbox, '/odcs/api/1/composes/', { source: { type: 'tag', source: 'f28&f27' } });
  const { text } = await ask(sandbox, '/');
  for (const part of ['httpd-container-', 'bash-5.1-1.fc28', 'f28&#38;f27']) {
    t.true(text.includes(part), part);
  }
});

test('packagers at work also ship updates and change Dockerfiles', async (t) => {
  const distribution = distributionOf('image base:f28 holds bash', 'foo:f28 holds bash@f28');
  const sandbox = await aSandbox(t, { pace: 0.05, distribution });
  const ofImage = ({ body }: Heard): boolean =>
    (body['repo'] as { readonly namespace: string }).namespace === 'container';
  const heard = await hear(sandbox, (all) => ofTopic(all, 'pagure.git.receive').some(ofImage));
  t.true(ofTopic(heard, 'bodhi.update.complete.stable').length > 0);
  const { body } = await ask(sandbox, '/sandbox/updates');
  const statuses = (body as ReadonlyArray<{ readonly status: string }>).map(({ status }) => status);
  t.true(statuses.includes('stable') && statuses.includes('pending'));
});
