import * as E from 'fp-ts/lib/Either.js';
import type { Distribution } from '../distribution/distribution.ts';
import type { Installed } from '../distribution/images.ts';
import type { DistGit } from '../git/dist-git.ts';
import type { Book } from './book.ts';
import { readContainerRequest, type ContainerRequest } from './container-request.ts';
import { readContainerSource, type ContainerSource } from './container-source.ts';
import { imageBuild, newestImage, type ImagePlan } from './image-build.ts';
import { buildsIn, newestOf } from './koji.ts';
import { ARCHES } from './packages.ts';
import { RAWHIDE, releaseOf, stableTags, type Build, type Composes } from './port.ts';
import { targetOf, type Target } from './tags.ts';
import type { Task } from './task.ts';
import { fault, type Fault } from './value.ts';

export type BuildDeps = {
  readonly book: Book;
  readonly distGit: DistGit;
  readonly distribution: Distribution;
  readonly composes: Composes;
};

/** What comes of a task; `wait`: a compose it needs is not done yet. */
export type Outcome =
  | { readonly type: 'built'; readonly build: Build; readonly target: Target }
  | { readonly type: 'scratch' }
  | { readonly type: 'wait' }
  | { readonly type: 'failed'; readonly fault: Fault };

const BUILD_ERROR = 1005;

const failed = (text: string): Outcome => ({
  type: 'failed',
  fault: fault(BUILD_ERROR, `BuildError: ${text}`),
});

type Repos =
  | { readonly type: 'ready'; readonly nvrs: ReadonlyArray<string> }
  | { readonly type: 'wait' }
  | { readonly type: 'failed'; readonly reason: string };

/** The builds in the composes and repositories that were handed over. */
const repos = ({ composes }: BuildDeps, request: ContainerRequest): Repos => {
  const byId = request.composeIds.map((id) => [`Compose ${id}`, composes.byId(id)] as const);
  const byUrl = request.repoUrls.map((url) => [url, composes.byRepoUrl(url)] as const);
  const facts = [...byId, ...byUrl];
  const bad = facts.find(([, one]) => one?.state === 'failed' || one?.state === 'removed');
  if (bad !== undefined) {
    return { type: 'failed', reason: `${bad[0]} is in state ${bad[1]?.state ?? ''}` };
  }
  const unfinished = (one: (typeof facts)[number]): boolean =>
    one[1] !== undefined && one[1].state !== 'done';
  const late = byUrl.find(unfinished);
  if (late !== undefined) return { type: 'failed', reason: `${late[0]} cannot be read: 404` };
  if (byId.some(unfinished)) return { type: 'wait' };
  return { type: 'ready', nvrs: facts.flatMap(([, one]) => one?.nvrs ?? []) };
};

const isModular = ({ release }: Build): boolean => release.includes('.module');

/** What dnf finds: the newest build of a package in the stable tags and in the repositories. */
const packageIn =
  ({ book }: BuildDeps, branch: string, nvrs: ReadonlyArray<string>) =>
  ({ source, module }: Installed): Build | undefined => {
    const handed = nvrs.flatMap((nvr) => book.build(nvr) ?? []);
    const found = [
      ...buildsIn(book, stableTags(branch), source),
      ...handed.filter(({ name }) => name === source),
    ];
    return newestOf(found.filter((build) => isModular(build) === (module !== undefined)));
  };

const parentOf = (
  { book }: BuildDeps,
  request: ContainerRequest,
  source: ContainerSource,
): E.Either<string, Build | null> => {
  if (request.parent !== null) {
    const build = book.build(request.parent);
    return build?.image != null && build.state === 1
      ? E.right(build)
      : E.left(`koji_parent_build ${request.parent} is no complete image build`);
  }
  if (source.from === null) return E.right(null);
  const { name, branch } = source.from;
  const build = newestImage(book, name, branch);
  return build === undefined ? E.left(`image ${branch}/${name}:latest not found`) : E.right(build);
};

const nextRelease = (book: Book, component: string, version: string, branch: string): string => {
  const numbers = book
    .buildsOf(component)
    .filter((build) => build.version === version)
    .map(({ release }) => Number(/^\d+/.exec(release)?.[0] ?? 0));
  return `${Math.max(0, ...numbers) + 1}.${releaseOf(branch)}container`;
};

const planOf = (
  { book }: BuildDeps,
  task: Task,
  request: ContainerRequest,
  source: ContainerSource,
  parent: Build | null,
): ImagePlan => {
  const { branch, composeIds, repoUrls } = request;
  const { name, component, own } = source;
  const version = releaseOf(branch).slice(1);
  return {
    ...{ name, branch, component, version, source: request.source, owner: task.owner },
    release: request.release ?? nextRelease(book, component, version, branch),
    ...{ parent, own, arches: request.arches ?? ARCHES, taskId: task.id, composeIds, repoUrls },
    ...{ startedAt: task.startedAt ?? task.createdAt, completedAt: Date.now() },
  };
};

const build = (
  deps: BuildDeps,
  task: Task,
  request: ContainerRequest,
  source: ContainerSource,
): Outcome => {
  const { book, distribution } = deps;
  const target = targetOf(request.target, [...distribution.platforms, RAWHIDE]);
  if (target === undefined) return failed(`Target \`${request.target}\` not found`);
  const parent = parentOf(deps, request, source);
  if (E.isLeft(parent)) return failed(parent.left);
  const plan = planOf(deps, task, request, source, parent.right);
  const nvr = `${plan.component}-${plan.version}-${plan.release}`;
  const known = book.build(nvr);
  if (known !== undefined && !request.scratch) {
    return failed(`Build already exists (id=${known.id}, state=COMPLETE): ${nvr}`);
  }
  const ready = repos(deps, request);
  if (ready.type === 'wait') return ready;
  if (ready.type === 'failed') return failed(ready.reason);
  const made = imageBuild(book, plan, packageIn(deps, request.branch, ready.nvrs));
  if (E.isLeft(made)) return failed(made.left);
  return request.scratch ? { type: 'scratch' } : { type: 'built', build: made.right, target };
};

/**
 * Reads what a buildContainer task asks for. The answer does it, at once and without writing: what
 * it finds holds until the caller lets others run.
 */
export const buildImage = async (deps: BuildDeps, task: Task): Promise<() => Outcome> => {
  const request = readContainerRequest(task.request);
  if (E.isLeft(request)) return () => failed(request.left);
  const source = await readContainerSource(deps, request.right);
  if (E.isLeft(source)) return () => failed(source.left);
  return () => build(deps, task, request.right, source.right);
};
