import type { ModuleBuild } from '../../../clients/mbs/port.ts';
import type { ModuleContents } from '../../../domain/module/events.ts';
import type { Scenario, WorldModule } from './recorded.ts';
import { existingModule, keyOf, newestModules } from './recorded.ts';

/** A row of MBS whose commit is known. */
export type Row = ModuleBuild & { readonly commit: string };

/** MBS's table, with what its builds hold. */
export type Rows = {
  /** A new row of this module; without an id it gets one nobody recorded. */
  readonly enter: (module: string, commit: string, state: number, id?: number) => Row;
  readonly move: (row: Row, state: number) => void;
  readonly get: (id: number) => Row | undefined;
  /** The row as it was entered: who asks learns nothing that no message has told. */
  readonly asked: (id: number) => Row | undefined;
  readonly of: (module: string, commit: string) => ReadonlyArray<Row>;
  readonly ready: () => ReadonlyArray<ModuleContents>;
  readonly contents: (row: Row) => ModuleContents;
};

const stateNames = ['init', 'wait', 'build', 'done', 'failed', 'ready'];
const stateName = (state: number): string => stateNames[state] ?? String(state);
const firstInvented = 1_000_000;
const firstVersion = 29_990_101_000_000;

export const headOf = (module: WorldModule): string => `head-of-${keyOf(module)}:${module.version}`;

/** The world's modules, each built once, and the builds there were before. */
export const aTable = (scenario: Scenario): Rows => {
  const newest = newestModules(scenario);
  const rows = new Map<number, Row>();
  const asked = new Map<number, Row>();
  const versions = new Map<number, WorldModule>();
  let entered = 0;

  const enter: Rows['enter'] = (module, commit, state, given) => {
    const id = given ?? firstInvented + entered;
    entered += 1;
    const at = module.indexOf(':');
    const row: Row = {
      ...{ id, name: module.slice(0, at), stream: module.slice(at + 1), commit },
      ...{ version: String(firstVersion + entered), context: 'c0', state },
      ...{ stateName: stateName(state), stateReason: null },
    };
    rows.set(id, row);
    asked.set(id, row);
    return row;
  };
  const contents = (row: Row): ModuleContents => {
    const { id: buildId, name, stream, commit, version, context } = row;
    const { rpms = [], build_deps = [] } = versions.get(buildId) ?? newest.get(keyOf(row)) ?? {};
    return {
      ...{ type: 'ModuleContentsRecorded', buildId, name, stream, commit, completedAt: null },
      ...{ version: version ?? '', context: context ?? '' },
      components: rpms.map((rpm) => ({ package: rpm.name, ref: rpm.branch })),
      buildRequires: build_deps.map(keyOf),
    };
  };

  for (const module of scenario.world.pdc_modules ?? []) {
    if (module.active === false) continue;
    const row = enter(keyOf(module), headOf(module), 5);
    rows.set(row.id, { ...row, version: module.version });
    versions.set(row.id, module);
  }
  for (const { name, build_id } of scenario.existing?.builds ?? []) {
    if (rows.has(build_id)) continue;
    enter(existingModule(scenario, name), `existing-${name}`, 2, build_id);
  }
  return {
    ...{ enter, contents },
    move: (row, state) => rows.set(row.id, { ...row, state, stateName: stateName(state) }),
    get: (id) => rows.get(id),
    asked: (id) => asked.get(id),
    of: (module, commit) =>
      [...rows.values()].filter((row) => keyOf(row) === module && row.commit === commit),
    ready: () => [...rows.values()].filter(({ state }) => state === 5).map(contents),
  };
};
