import { stateName, type ComponentBuild, type Row } from './row.ts';

type Shown = Readonly<Record<string, unknown>>;

/** What `short=true` shows of a module build. */
export const shortRow = (row: Row): Shown => ({
  context: row.context,
  id: row.id,
  name: row.name,
  scratch: row.scratch,
  state: row.state,
  state_name: stateName(row.state),
  stream: row.stream,
  version: row.version,
});

/** What a message on the bus shows of a module build: no `tasks`. */
export const messageRow = (row: Row): Shown => ({
  ...shortRow(row),
  buildrequires: row.buildrequires,
  component_builds: row.components.map(({ id }) => id),
  koji_tag: row.koji_tag,
  owner: row.owner,
  rebuild_strategy: row.rebuild_strategy,
  scmurl: row.scmurl,
  siblings: [],
  srpms: [],
  state_reason: row.state_reason,
  time_completed: row.time_completed,
  time_modified: row.time_modified,
  time_submitted: row.time_submitted,
});

const tasks = ({ components }: Row): Shown => {
  if (components.length === 0) return {};
  const entries = components.map(({ package: name, nvr, state, state_reason, task_id }) => [
    name,
    { nvr, state, state_reason, task_id },
  ]);
  return { rpms: Object.fromEntries(entries) as Shown };
};

/** A module build as lists show it. */
export const plainRow = (row: Row): Shown => ({ ...messageRow(row), tasks: tasks(row) });

const baseModule = (row: Row): Shown => ({
  context: row.context,
  id: row.id,
  name: row.name,
  state: row.state,
  state_name: stateName(row.state),
  stream: row.stream,
  stream_version: row.stream_version,
  version: row.version,
});

/** A module build with all that `verbose=true` and the answer to a POST show. */
export const verboseRow = (row: Row, bases: ReadonlyArray<Row>, api: number): Shown => ({
  ...plainRow(row),
  arches: [],
  base_module_buildrequires: bases.map(baseModule),
  build_context: row.build_context,
  modulemd: row.modulemd,
  reused_module_id: null,
  runtime_context: row.runtime_context,
  state_trace: row.state_trace,
  state_url: `/module-build-service/${api}/module-builds/${row.id}`,
  stream_version: row.stream_version,
  virtual_streams: [],
});

const KOJI_STATES = ['BUILDING', 'COMPLETE', 'DELETED', 'FAILED', 'CANCELED'] as const;

/** A component build; `verbose` adds its batch and where to find it. */
export const component = (
  moduleBuild: number,
  build: ComponentBuild,
  verbose: boolean,
  api: number,
): Shown => ({
  format: 'rpms',
  id: build.id,
  module_build: moduleBuild,
  nvr: build.nvr,
  package: build.package,
  state: build.state,
  state_name: KOJI_STATES[build.state],
  state_reason: build.state_reason,
  task_id: build.task_id,
  ...(verbose
    ? {
        batch: 2,
        state_trace: [],
        state_url: `/module-build-service/${api}/component-builds/${build.id}`,
      }
    : {}),
});
