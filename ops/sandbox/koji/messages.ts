import { nativeMessage, type BusMessage } from '../bus/bus.ts';
import type { Build } from './port.ts';
import type { Struct } from './value.ts';

const KOJI = 'https://koji.fedoraproject.org';
const INSTANCE = { base_url: KOJI, instance: 'primary' } as const;

const identity = ({ id, name, version, release }: Build): Readonly<Record<string, unknown>> => ({
  ...{ build_id: id, name, version, release },
});

const iso = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace('Z', '000+00:00');

/**
 * `buildsys.build.state.change`. An image comes from a content generator: one message, old null, new
 * 1, no task and no request; a package has two, and a task.
 */
export const stateChange = (build: Build, old: number | null, state: number): BusMessage =>
  nativeMessage('buildsys.build.state.change', 'koji_fedoramessaging.build.BuildStateChangeV1', {
    ...INSTANCE,
    ...identity(build),
    ...{ attribute: 'state', old, new: state, epoch: build.epoch, owner: build.owner },
    files_base_url: 'https://kojipkgs.fedoraproject.org/work',
    url: `${KOJI}/koji/buildinfo?buildID=${build.id}`,
    creation_time: iso(build.startedAt),
    completion_time: state === 0 ? null : iso(build.completedAt),
    task_id: build.image === null ? build.taskId : null,
    request: build.image === null ? [build.source, null] : null,
  });

/** `buildsys.tag` and `buildsys.untag`. */
export const tagging = (
  topic: 'buildsys.tag' | 'buildsys.untag',
  build: Build,
  tag: { readonly id: number; readonly name: string },
): BusMessage => {
  const schema = topic === 'buildsys.tag' ? 'TagV1' : 'UntagV1';
  return nativeMessage(topic, `koji_fedoramessaging.tag.${schema}`, {
    ...INSTANCE,
    ...identity(build),
    ...{ tag: tag.name, tag_id: tag.id, user: 'bodhi', owner: build.owner },
  });
};

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** `buildsys.rpm.sign`: one RPM file has got one signature. Times of its build are Unix seconds. */
export const signed = (
  build: Build,
  signature: { readonly sigkey: string; readonly sighash: string },
  shown: { readonly build: Struct; readonly rpm: Struct },
): BusMessage =>
  nativeMessage('buildsys.rpm.sign', 'koji_fedoramessaging.rpm.SignV1', {
    ...INSTANCE,
    ...signature,
    rpm: shown.rpm,
    build: {
      ...shown.build,
      start_time: seconds(build.startedAt),
      creation_time: seconds(build.startedAt),
      completion_time: seconds(build.completedAt),
    },
  });
