import * as E from 'fp-ts/lib/Either.js';
import type { Distribution, ModuleStream } from '../distribution/distribution.ts';
import { moduleYaml } from '../distribution/files.ts';
import { IMPORTED_AT, type DistGit } from '../git/dist-git.ts';
import type { Store } from '../store.ts';
import { contextOf, expandStreams } from './expand.ts';
import { completedModulemd, readModulemd, type ModuleFile } from './modulemd.ts';
import { buildRequire, moduleVersion } from './new-rows.ts';
import { READY, zulu, type BuildRequire, type ComponentBuild, type Row } from './row.ts';
import type { Rows } from './rows.ts';

const IMPORTED = new Date(IMPORTED_AT * 1000);

const still = { due: null, doomed: null, stuck: false } as const;

const platformRow = (id: number, stream: string): Row => ({
  ...{ id, name: 'platform', stream, version: '3', context: '00000000', ...still },
  ...{ state: READY, state_reason: null, state_trace: [], owner: 'mbs_import', scmurl: null },
  ...{ commit: null, scratch: false, rebuild_strategy: 'all', buildrequires: {} },
  ...{ koji_tag: `module-${stream}-build`, base_modules: [], build_context: null },
  ...{ runtime_context: null, components: [] },
  modulemd: `document: modulemd\nversion: 1\ndata:\n  name: platform\n  stream: ${stream}\n  version: 3\n`,
  stream_version: Number(/\d+/.exec(stream)?.[0] ?? 0) * 10_000,
  ...{ time_submitted: zulu(IMPORTED), time_modified: zulu(IMPORTED) },
  time_completed: zulu(IMPORTED),
});

type Planned = {
  readonly id: number;
  readonly module: ModuleStream;
  readonly file: ModuleFile;
  readonly buildrequires: Readonly<Record<string, string>>;
  readonly requires: Readonly<Record<string, ReadonlyArray<string>>>;
  readonly version: string;
  readonly commit: string;
};

const fileOf = (module: ModuleStream): ModuleFile => {
  const file = readModulemd(moduleYaml(module));
  if (E.isLeft(file)) throw new Error(`${module.name}:${module.stream}: ${file.left}`);
  return file.right;
};

const planned = (
  module: ModuleStream,
  distGit: DistGit,
  platforms: ReadonlyArray<string>,
): ReadonlyArray<Omit<Planned, 'id'>> => {
  const file = fileOf(module);
  const commit = distGit.head({ namespace: 'modules', repo: module.name }, module.stream) ?? '';
  return expandStreams(file.dependencies, () => platforms).map((variant) => {
    const version = moduleVersion(variant.buildrequires['platform'], IMPORTED);
    return { module, file, commit, version, ...variant };
  });
};

const requirements = (
  plan: Planned,
  found: (name: string, stream: string) => BuildRequire | undefined,
): Readonly<Record<string, BuildRequire>> =>
  Object.fromEntries(
    Object.entries(plan.buildrequires).flatMap(([name, stream]) => {
      const required = found(name, stream);
      return required === undefined ? [] : [[name, { ...required, filtered_rpms: [] }]];
    }),
  );

const components = (rows: Rows, plan: Planned, distGit: DistGit): ReadonlyArray<ComponentBuild> =>
  plan.file.components.map(({ package: name, ref }) => {
    const id = rows.nextComponentId();
    const hash = distGit.head({ namespace: 'rpms', repo: name }, ref) ?? ref;
    const nvr = `${name}-1.0-1.module+${plan.id}`;
    const fields = { id, package: name, nvr, task_id: 90_000_000 + id, ref: hash };
    return { ...fields, state: 1, state_reason: null };
  });

const moduleRow = (
  rows: Rows,
  plan: Planned,
  distGit: DistGit,
  buildrequires: Readonly<Record<string, BuildRequire>>,
): Row => {
  const { id, module, file, commit, version } = plan;
  const { name, stream } = module;
  const hashes = contextOf(plan);
  const scmurl = `https://src.fedoraproject.org/modules/${name}.git?#${commit}`;
  const built = components(rows, plan, distGit);
  const rpms = Object.fromEntries(
    file.components.map(({ key }, index) => [key, { ref: built[index]?.ref }]),
  );
  const block = {
    buildrequires: Object.fromEntries(
      Object.entries(plan.buildrequires).map(([required, chosen]) => [required, [chosen]]),
    ),
    requires: plan.requires,
  };
  const identity = { name, stream, version, context: hashes.context };
  const notes = { buildrequires, commit, mse: true, rpms, scmurl };
  return {
    ...{ id, ...identity, ...hashes, ...still, buildrequires, scmurl, commit },
    ...{ state: READY, state_reason: null, state_trace: [], owner: 'packager', scratch: false },
    ...{ rebuild_strategy: 'only-changed', components: built, stream_version: null },
    koji_tag: `module-${name}-${stream}-${version}-${hashes.context}`,
    base_modules: [rows.latestReady('platform', plan.buildrequires['platform'] ?? '')?.id ?? 1],
    modulemd: completedModulemd(file, identity, block, notes),
    ...{ time_submitted: zulu(IMPORTED), time_modified: zulu(IMPORTED) },
    time_completed: zulu(IMPORTED),
  };
};

/** Fills an empty MBS: every platform, and a ready build of every module in each of its contexts. */
export const seedModules = (
  store: Store,
  rows: Rows,
  distGit: DistGit,
  { platforms, modules }: Distribution,
): void => {
  if (rows.all().length > 0) return;
  store.atomically(() => {
    for (const stream of platforms) rows.save(platformRow(rows.nextId(), stream));
    const plans: ReadonlyArray<Planned> = modules
      .filter(({ built }) => built)
      .flatMap((module) => planned(module, distGit, platforms))
      .map((plan) => ({ id: rows.nextId(), ...plan }));
    const found = (name: string, stream: string): BuildRequire | undefined => {
      const row = rows.latestReady(name, stream);
      if (row !== undefined) return buildRequire(row);
      const plan = plans.find((one) => one.module.name === name && one.module.stream === stream);
      if (plan === undefined) return undefined;
      const { context } = contextOf(plan);
      const koji_tag = `module-${name}-${stream}-${plan.version}-${context}`;
      return { context, koji_tag, ref: plan.commit, stream, version: plan.version };
    };
    for (const plan of plans) {
      rows.save(moduleRow(rows, plan, distGit, requirements(plan, found)));
    }
  });
};
