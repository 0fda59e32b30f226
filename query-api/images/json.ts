import type { Held, HeldRow, HeldRpm, StreamRow } from '../../projectors/image-index/row.ts';
import { isHeldNow } from '../../projectors/image-index/row.ts';
import type { ImageRow } from '../../projectors/images/row.ts';
import type { BuildRow } from '../../projectors/builds/row.ts';
import type { ComposeRow } from '../../projectors/composes/row.ts';
import type { Row } from '../../projectors/read-models.ts';
import { buildStateTable } from '../names/tables.ts';

/** Which RPMs of an image are asked for: by name, by source package or both; held at any time or now. */
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

const isAmong = (asked: ReadonlyArray<string>, text: string): boolean =>
  asked.length === 0 || asked.includes(text);

const isAsked = (row: HeldRow, asked: Asked, name: string, rpm: HeldRpm): boolean =>
  isAmong(asked.packages, name) &&
  isAmong(asked.sources, rpm[0]) &&
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

/** Our builds that made or rebuilt an image, and the composes it was made with. */
export type Ours = {
  readonly made: ReadonlyArray<Row>;
  readonly rebuilt: ReadonlyArray<Row>;
  readonly composes: ReadonlyArray<Row>;
};

/** What went into the image, of all the composes that there were. */
const composesJson = ({ made, composes }: Ours) => {
  const used = new Set(made.flatMap(({ body }) => (body as BuildRow).odcsComposes));
  const rows = composes.map(({ body }) => body as ComposeRow);
  return rows.flatMap(({ builds, composes: all, eventId }) =>
    all
      .filter(({ id }) => used.has(id))
      .map(({ id }) => ({
        builds,
        compose_id: id,
        event_id: eventId,
        url: `/api/2/composes/${id}`,
      })),
  );
};

const buildOf = ({ body }: Row) => {
  const { id, state } = body as BuildRow;
  return { id, state_name: buildStateTable.nameOf(state), url: `/api/1/builds/${id}` };
};

/** One build of an image with all that it holds, our builds of it, and what those were given. */
export const imageBuildJson = (
  { nvr, rpms }: ImageRow,
  facts: NonNullable<ImageRow['facts']>,
  ours: Ours,
) => ({
  arches: facts.arches,
  artifact: facts.artifact,
  branch: facts.branch,
  build_id: facts.buildId,
  commit: facts.commit,
  completed_at: facts.completedAt,
  component: facts.component,
  composes: composesJson(ours),
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
