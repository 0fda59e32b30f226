import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageBranches, streamsOf, type Distribution } from '../distribution/distribution.ts';
import type { ImageStream } from '../distribution/images.ts';
import { dockerfile, moduleYaml, specFile } from '../distribution/files.ts';
import { firstCommit, writeRepository, type FirstCommit } from './objects.ts';
import { POST_RECEIVE, PRE_RECEIVE } from './hooks.ts';

/** `namespace/repo` names a repository of dist-git. */
export type RepoName = { readonly namespace: string; readonly repo: string };

export type DistGit = {
  readonly folder: (name: RepoName) => string;
  /** Creates the repository if the distribution has it and it is not there yet. */
  readonly ensure: (name: RepoName) => boolean;
  /** Creates a repository that the distribution does not have. */
  readonly create: (name: RepoName) => void;
  /** The branch's newest commit, also of a repository nobody has looked at yet. */
  readonly head: (name: RepoName, branch: string) => string | undefined;
  readonly spool: string;
};

const NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/;
const BRANCH = /^[A-Za-z0-9][A-Za-z0-9+._/-]*$/;

/** Names that cannot leave the folder they belong in. */
export const isRepoName = ({ namespace, repo }: RepoName): boolean =>
  NAME.test(namespace) && NAME.test(repo) && !`${namespace}/${repo}`.includes('..');

export const isBranchName = (branch: string): boolean =>
  BRANCH.test(branch) && !/\.\.|\/\/|\.lock$|\/$/.test(branch);

/** 2026-10-01T00:00:00Z: when everything was imported. */
export const IMPORTED_AT = 1_790_812_800;

const packageCommit = (name: string): FirstCommit =>
  firstCommit({ [`${name}.spec`]: specFile(name, 1), sources: '' }, IMPORTED_AT);

const imageCommit = (image: ImageStream): FirstCommit =>
  firstCommit({ Dockerfile: dockerfile(image) }, IMPORTED_AT);

const aloneImage = (name: string): ImageStream => ({
  ...{ name, branch: 'master', component: name, holds: [], past: [] },
  ...{ branchTold: true, built: false },
});

const firstCommits = (
  distribution: Distribution,
  packages: ReadonlyMap<string, ReadonlySet<string>>,
  { namespace, repo }: RepoName,
): ReadonlyMap<string, FirstCommit> => {
  if (namespace === 'modules') {
    const streams = streamsOf(distribution, repo).map((module, index): [string, FirstCommit] => [
      module.stream,
      firstCommit({ [`${repo}.yaml`]: moduleYaml(module) }, IMPORTED_AT + index),
    ]);
    return new Map(streams);
  }
  if (namespace === 'container') {
    const branches = (distribution.images ?? []).filter(({ name }) => name === repo);
    return new Map(branches.map((image) => [image.branch, imageCommit(image)]));
  }
  if (namespace !== 'rpms') return new Map();
  const branches = packages.get(repo);
  if (branches === undefined) return new Map();
  const commit = packageCommit(repo);
  return new Map([...branches].map((branch) => [branch, commit]));
};

const installHooks = (data: string): void => {
  const hooks = join(data, 'hooks');
  mkdirSync(hooks, { recursive: true });
  writeFileSync(join(hooks, 'post-receive'), POST_RECEIVE, { mode: 0o755 });
  writeFileSync(join(hooks, 'pre-receive'), PRE_RECEIVE, { mode: 0o755 });
};

/** Opens the dist-git kept under `<data>/git`; repositories come into being when first asked for. */
export const openDistGit = (data: string, distribution: Distribution): DistGit => {
  installHooks(data);
  const spool = join(data, 'pushes');
  mkdirSync(spool, { recursive: true });
  const packages = packageBranches(distribution);
  const folder = ({ namespace, repo }: RepoName): string =>
    join(data, 'git', namespace, `${repo}.git`);
  const exists = (name: RepoName): boolean => existsSync(join(folder(name), 'HEAD'));
  const ensure = (name: RepoName): boolean => {
    if (!isRepoName(name)) return false;
    if (exists(name)) return true;
    const commits = firstCommits(distribution, packages, name);
    if (commits.size === 0) return false;
    writeRepository(folder(name), commits);
    return true;
  };
  const create = (name: RepoName): void => {
    if (exists(name)) return;
    const { namespace, repo } = name;
    const commit = namespace === 'container' ? imageCommit(aloneImage(repo)) : packageCommit(repo);
    writeRepository(folder(name), new Map([['master', commit]]));
  };
  const head = (name: RepoName, branch: string): string | undefined => {
    if (!isRepoName(name) || !isBranchName(branch)) return undefined;
    if (!exists(name)) return firstCommits(distribution, packages, name).get(branch)?.commit;
    const ref = join(folder(name), 'refs', 'heads', branch);
    return existsSync(ref) ? readFileSync(ref, 'utf8').trim() : undefined;
  };
  return { folder, ensure, create, head, spool };
};
