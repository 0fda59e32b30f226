import type { Held, HeldRow, HeldRpm, StreamRow } from '../../projectors/image-index/row.ts';
import { isHeldNow } from '../../projectors/image-index/row.ts';
import type { ImageRow } from '../../projectors/images/row.ts';
import type { BuildRow } from '../../projectors/builds/row.ts';
import type { Row } from '../../projectors/read-models.ts';
import { buildStateTable } from '../names/tables.ts';

/** Which RPMs of an image are asked for: by name, or by source package; held at any time or now. */
export type Asked = {
  readonly packages: ReadonlyArray<string>;
  readonly sources: ReadonlyArray<string>;
  readonly held: 'ever' | 'now';
};

const newestJson = ({ newest }: StreamRow) => ({
  arches: newest.arches,
  build_id: newest.buildId,
  completed_at: newest.completedAt,
  nvr: newest.nvr,
  parent: newest.parentNvr,
});

const versionJson = (row: HeldRow, name: string, [versionRelease, epoch, buildId]: Held) => ({
  epoch,
  image: row.images[buildId] ?? null,
  rpm: `${name}-${versionRelease}`,
});

const rpmJson = (row: HeldRow, name: string, rpm: HeldRpm) => {
  const [source, lowest, first, last] = rpm;
  return {
    first: versionJson(row, name, first),
    last: versionJson(row, name, last),
    lowest: versionJson(row, name, lowest),
    now: isHeldNow(row, rpm),
    package: name,
    source,
  };
};

const isAsked = (row: HeldRow, asked: Asked, name: string, rpm: HeldRpm): boolean =>
  (asked.packages.includes(name) || asked.sources.includes(rpm[0])) &&
  (asked.held === 'ever' || isHeldNow(row, rpm));

/** An image with its newest build, and with what is asked of what it held. */
export const imageJson = (
  artifact: string,
  stream: StreamRow | undefined,
  rpms: ReadonlyArray<ReturnType<typeof rpmJson>>,
) => ({
  artifact,
  branch: stream?.branch ?? null,
  name: stream?.name ?? null,
  namespace: stream?.namespace ?? null,
  newest: stream === undefined ? null : newestJson(stream),
  rpms,
  target: stream?.target ?? null,
});

/** The RPMs of a row that are asked for, by name. */
export const rpmsJson = (row: HeldRow, asked: Asked) =>
  Object.entries(row.rpms)
    .filter(([name, rpm]) => isAsked(row, asked, name, rpm))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, rpm]) => rpmJson(row, name, rpm));

const buildOf = ({ body }: Row) => {
  const { id, state } = body as BuildRow;
  return { id, state_name: buildStateTable.nameOf(state), url: `/api/1/builds/${id}` };
};

/** One build of an image with all that it holds, and our builds that made or rebuilt it. */
export const imageBuildJson = (
  { nvr, rpms }: ImageRow,
  facts: NonNullable<ImageRow['facts']>,
  ours: { readonly made: ReadonlyArray<Row>; readonly rebuilt: ReadonlyArray<Row> },
) => ({
  arches: facts.arches,
  artifact: facts.artifact,
  branch: facts.branch,
  build_id: facts.buildId,
  commit: facts.commit,
  completed_at: facts.completedAt,
  component: facts.component,
  made_by: ours.made.map(buildOf),
  name: facts.name,
  namespace: facts.namespace,
  nvr,
  packages: Object.entries(rpms)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([source, names]) => ({ rpms: [...names].sort(), source })),
  parent: facts.parent === null ? null : { build_id: facts.parent.buildId, nvr: facts.parent.nvr },
  rebuilt_by: ours.rebuilt.map(buildOf),
  target: facts.target,
  task_id: facts.taskId,
});
