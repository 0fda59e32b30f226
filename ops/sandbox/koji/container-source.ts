import * as E from 'fp-ts/lib/Either.js';
import type { Distribution } from '../distribution/distribution.ts';
import { everInstalled, type Installed } from '../distribution/images.ts';
import type { DistGit } from '../git/dist-git.ts';
import { runGit } from '../git/run.ts';
import { repositoryOf, type ContainerRequest } from './container-request.ts';

/** What the builder learns from a Dockerfile. */
export type ContainerSource = {
  readonly name: string;
  readonly component: string;
  /** Name and branch of the image in FROM; null for `scratch`. */
  readonly from: { readonly name: string; readonly branch: string } | null;
  readonly own: ReadonlyArray<Installed>;
};

type Deps = { readonly distGit: DistGit; readonly distribution: Distribution };

const FROM = /^FROM\s+(?:[^\s/]+\/)?([^\s/]+)\/([^\s/:@]+)/m;
const COMPONENT = /com\.redhat\.component="?([^"\s\\]+)/;
const INSTALL = /\bdnf -y install ((?:[A-Za-z0-9][A-Za-z0-9+._-]* ?)+)/g;

const rpmNames = (dockerfile: string): ReadonlyArray<string> =>
  [...dockerfile.matchAll(INSTALL)].flatMap(([, names = '']) => names.trim().split(' '));

/** Where an RPM comes from: as this image says, as another does, or a package of its own name. */
const installedAs = (
  { images = [], sources = [] }: Distribution,
  name: string,
  branch: string,
  rpm: string,
): Installed => {
  const own = images.find((image) => image.name === name && image.branch === branch);
  const said = [...(own === undefined ? [] : [own]), ...images]
    .flatMap((image) => (image === own ? own.holds : everInstalled(image)))
    .find((installed) => installed.rpm === rpm);
  const source = sources.find(({ rpms }) => rpms.includes(rpm))?.name ?? rpm;
  return said ?? { rpm, source };
};

const read = (
  { distribution }: Deps,
  repo: string,
  branch: string,
  dockerfile: string,
): ContainerSource => {
  const [, fromBranch, fromName] = FROM.exec(dockerfile) ?? [];
  return {
    name: repo,
    component: COMPONENT.exec(dockerfile)?.[1] ?? repo,
    from:
      fromName === undefined || fromBranch === undefined
        ? null
        : { name: fromName, branch: fromBranch },
    own: rpmNames(dockerfile).map((rpm) => installedAs(distribution, repo, branch, rpm)),
  };
};

/** Reads the Dockerfile at the commit of a request; a text says why there is none. */
export const readContainerSource = async (
  deps: Deps,
  { source, branch }: ContainerRequest,
): Promise<E.Either<string, ContainerSource>> => {
  const place = repositoryOf(source);
  if (place === undefined) return E.left(`Invalid scheme in scm url: ${source}`);
  const { namespace, repo, commit } = place;
  if (!deps.distGit.ensure(place)) {
    return E.left(`Error running git command "git clone": ${namespace}/${repo} not found`);
  }
  if (deps.distGit.head(place, branch) === undefined) {
    return E.left(`Branch ${branch} does not exist in ${namespace}/${repo}`);
  }
  const folder = deps.distGit.folder(place);
  const known = await runGit(folder, ['cat-file', '-e', `${commit}^{commit}`]);
  if (known.code !== 0) {
    return E.left(`Error running git command "git reset --hard ${commit}": unknown revision`);
  }
  const file = await runGit(folder, ['cat-file', 'blob', `${commit}:Dockerfile`]);
  if (file.code !== 0) return E.left('Dockerfile file missing');
  return E.right(read(deps, repo, branch, file.stdout));
};
