import { packageBranches, type Distribution } from '../distribution/distribution.ts';

/** What the distribution consists of: module streams, packages and who needs whom. */
export const worldOf = (distribution: Distribution): Readonly<Record<string, unknown>> => {
  const name = ({ name: module, stream }: { name: string; stream: string }): string =>
    `${module}:${stream}`;
  return {
    platforms: distribution.platforms,
    modules: distribution.modules.map((module) => ({
      name: module.name,
      stream: module.stream,
      platforms: module.platforms,
      buildRequires: module.needs,
      components: module.holds.map((held) => ({
        package: held.package,
        ref: held.ref ?? 'master',
      })),
    })),
    images: (distribution.images ?? []).map((image) => ({
      ...{ name: image.name, branch: image.branch, component: image.component },
      ...{ parent: image.from ?? null, built: image.built },
      packages: image.holds.map(({ rpm, source }) => ({ rpm, source })),
    })),
    rpms: [...packageBranches(distribution)].map(([rpm, branches]) => {
      return { name: rpm, branches: [...branches] };
    }),
    graph: distribution.modules.flatMap((module) =>
      module.needs.map((need) => ({ module: name(module), needs: need })),
    ),
  };
};
