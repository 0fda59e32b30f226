import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import type { ImageContents } from '../../domain/image/events.ts';

const optional = <A>(codec: t.Type<A, A>) => t.union([codec, t.null, t.undefined]);
const Id = t.union([Count, t.string], 'id');

const ParentBuild = t.type({ id: Count, nvr: t.string }, 'parent build');
const Image = t.partial(
  {
    parent_build_id: optional(Count),
    parent_image_builds: optional(t.record(t.string, ParentBuild)),
  },
  'extra.image',
);

/** getBuild's answer, as far as contents need it. */
export const BuildOfImage = t.intersection(
  [
    t.type({ id: Count, nvr: t.string, name: t.string, state: Count }),
    t.partial({
      source: optional(t.string),
      task_id: optional(Count),
      completion_ts: optional(t.number),
      completion_time: optional(t.string),
      extra: optional(
        t.partial({ image: optional(Image), container_koji_task_id: optional(Id) }, 'extra'),
      ),
    }),
  ],
  'build',
);
export type BuildOfImage = t.TypeOf<typeof BuildOfImage>;

/** listArchives' rows, as far as contents need them. */
export const Archive = t.intersection(
  [
    t.type({ id: Count }),
    t.partial({
      arch: optional(t.string),
      extra: optional(
        t.partial({ image: optional(t.partial({ arch: optional(t.string) })) }, 'archive extra'),
      ),
    }),
  ],
  'archive',
);
export type Archive = t.TypeOf<typeof Archive>;

/** getTaskInfo's answer with its request. */
export const TaskOfImage = t.partial({ request: optional(t.readonlyArray(t.unknown)) }, 'task');
export type TaskOfImage = t.TypeOf<typeof TaskOfImage>;

/** The buildContainer task: content-generator imports carry it in `extra`, not as `task_id`. */
export const taskIdOf = (build: BuildOfImage): number | null => {
  const id = Number(build.extra?.container_koji_task_id ?? build.task_id ?? 0);
  return Number.isSafeInteger(id) && id > 0 ? id : null;
};

const timeOf = (text: string): number => {
  const iso = text.trim().replace(' ', 'T');
  return Date.parse(/([+-]\d\d:?\d\d|Z)$/.test(iso) ? iso : `${iso}Z`); // old hubs tell UTC so
};

const completedAt = (build: BuildOfImage): string | null => {
  const seconds = build.completion_ts ?? timeOf(build.completion_time ?? '') / 1000;
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
};

type Source = Pick<ImageContents, 'namespace' | 'name' | 'commit'>;

/** `git+https://host/container/NAME.git?#<hash>`; right is none when it names no repository. */
export const sourceOf = (url: string): Source | undefined => {
  const [address = '', ...after] = url.split('#');
  const path = address
    .replace(/\?.*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const parts = /^[a-z][a-z0-9+.-]*:\/\/[^/]+\/(.+)$/i.exec(path)?.[1]?.split('/') ?? [];
  const name = parts.at(-1) ?? '';
  if (name === '') return undefined;
  const commit = after.join('#').toLowerCase();
  const isHash = /^[0-9a-f]{7,64}$/.test(commit);
  return { namespace: parts.at(-2) ?? 'container', name, commit: isHash ? commit : null };
};

const Request = t.partial({ git_branch: optional(t.string) }, 'options of a container');

type Order = Pick<ImageContents, 'branch' | 'target'> & { readonly source: string | null };

const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

const orderIn = (task: TaskOfImage | null): Order => {
  const [source, target, options] = task?.request ?? [];
  const branch = Request.is(options) ? textIn(options.git_branch) : null;
  return { source: textIn(source), target: textIn(target), branch };
};

export type Parent = NonNullable<ImageContents['parent']>;

/** The build it was made FROM: `nvr` is unknown where Koji tells only the id. */
export const parentOf = (
  build: BuildOfImage,
): { readonly buildId: number; readonly nvr: string | undefined } | null => {
  const image = build.extra?.image;
  const buildId = image?.parent_build_id ?? null;
  if (buildId === null) return null;
  const told = Object.values(image?.parent_image_builds ?? {});
  return { buildId, nvr: told.find(({ id }) => id === buildId)?.nvr };
};

const archesOf = (archives: ReadonlyArray<Archive>): ReadonlyArray<string> => {
  const arches = archives.map((archive) => archive.extra?.image?.arch ?? archive.arch ?? '');
  return [...new Set(arches.filter((arch) => arch !== ''))].sort();
};

/** All that is known of one image build but its RPMs. */
export type Described = {
  readonly build: BuildOfImage;
  readonly archives: ReadonlyArray<Archive>;
  readonly task: TaskOfImage | null;
  readonly parent: Parent | null;
};

/** The contents without RPMs; left is a sentence about why they cannot be told. */
export const describe = (described: Described): E.Either<string, Omit<ImageContents, 'rpms'>> => {
  const { build, archives, task, parent } = described;
  const order = orderIn(task);
  const source = sourceOf(build.source ?? order.source ?? '');
  if (source === undefined) {
    return E.left(`neither the build ${build.nvr} nor its task names a dist-git repository`);
  }
  return E.right({
    buildId: build.id,
    nvr: build.nvr,
    component: build.name,
    namespace: source.namespace,
    name: source.name,
    branch: order.branch,
    target: order.target,
    commit: source.commit,
    parent,
    arches: archesOf(archives),
    taskId: taskIdOf(build),
    completedAt: completedAt(build),
  });
};
