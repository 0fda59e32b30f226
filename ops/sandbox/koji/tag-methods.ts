import * as E from 'fp-ts/lib/Either.js';
import type { Book } from './book.ts';
import { findBuild } from './build-methods.ts';
import { generic, method, repr, type Answered, type Method } from './method.ts';
import type { Build } from './port.ts';
import { queried } from './query-options.ts';
import { listedBuild, taggedBuild, taggedRpm } from './render.ts';
import { inherited, targetOf } from './tags.ts';
import { isStruct, plainText, type Struct, type Value } from './value.ts';

type Tagged = { readonly build: Build; readonly tag: string; readonly event: number };

const nameOf = (book: Book, info: Value | undefined): string | undefined => {
  const wanted = isStruct(info) ? (info['id'] ?? info['name']) : info;
  if (typeof wanted !== 'number' && typeof wanted !== 'string') return undefined;
  return book.tags.names.find(wanted)?.name;
};

const noTag = (info: Value | undefined): Answered => generic(`No such tagInfo: ${repr(info)}`);

const chosen = (found: Build, args: Struct): boolean => {
  const { package: name, owner, type } = args;
  return (
    found.state === 1 &&
    (name == null || found.name === name) &&
    (owner == null || found.owner === owner) &&
    (type == null || (found.image === null ? 'rpm' : 'image') === type)
  );
};

/** Builds in a tag and those it inherits from, most recently tagged first; with `latest` some of each package. */
const tagged = (book: Book, tag: string, args: Struct): ReadonlyArray<Tagged> => {
  const { latest, inherit } = args;
  const most = latest === true ? 1 : typeof latest === 'number' && latest > 0 ? latest : Infinity;
  const seen = new Map<string, number>();
  const tags = inherit === true ? [tag, ...inherited(tag)] : [tag];
  return tags
    .flatMap((name) => book.tags.buildsIn(name).map((one) => ({ ...one, tag: name })))
    .flatMap(({ buildId, event, tag: name }) => {
      const build = book.build(buildId);
      if (build === undefined || !chosen(build, args)) return [];
      const count = (seen.get(build.name) ?? 0) + 1;
      seen.set(build.name, count);
      return count > most ? [] : [{ build, tag: name, event }];
    });
};

const LIST_TAGGED = [
  ...['tag', 'event', 'inherit', 'prefix', 'latest', 'package', 'owner', 'type', 'strict'],
  ...['extra', 'draft'],
];

const listTagged = method('RootExports.listTagged', 1, LIST_TAGGED, ({ book }, args) => {
  const tag = nameOf(book, args['tag']);
  if (tag === undefined) return args['strict'] === false ? E.right([]) : noTag(args['tag']);
  const prefix = typeof args['prefix'] === 'string' ? args['prefix'] : '';
  return E.right(
    tagged(book, tag, args)
      .filter(({ build }) => build.name.startsWith(prefix))
      .map((one) => ({
        ...taggedBuild(book, one.build, one.tag, one.event),
        ...(args['extra'] === true ? { extra: listedBuild(book, one.build)['extra'] ?? null } : {}),
      })),
  );
});

const LIST_TAGGED_RPMS = [
  ...['tag', 'event', 'inherit', 'latest', 'package', 'arch', 'rpmsigs', 'owner', 'type'],
  ...['strict', 'extra', 'draft'],
];

/** `[rpms, builds]`; with `rpmsigs` one row for each signature. */
const listTaggedRpms = method('RootExports.listTaggedRPMS', 1, LIST_TAGGED_RPMS, (deps, args) => {
  const { book } = deps;
  const tag = nameOf(book, args['tag']);
  if (tag === undefined) return noTag(args['tag']);
  const { arch, rpmsigs } = args;
  const arches = arch == null ? undefined : Array.isArray(arch) ? arch : [arch];
  const found = tagged(book, tag, args);
  const rpms = found.flatMap(({ build }) =>
    build.rpms
      .filter((rpm) => arches?.includes(rpm.arch) ?? true)
      .flatMap((rpm): ReadonlyArray<Struct> => {
        const row = taggedRpm(build, rpm);
        return rpmsigs === true
          ? ['', ...rpm.sigkeys].map((sigkey) => ({ ...row, sigkey }))
          : [row];
      }),
  );
  return E.right([rpms, found.map((one) => taggedBuild(book, one.build, one.tag, one.event))]);
});

const shownTag = ({ id, name }: { readonly id: number; readonly name: string }): Struct => ({
  ...{ id, name, perm_id: null, perm: null, arches: 'x86_64 aarch64', locked: false },
  ...{ maven_support: false, maven_include_all: false, extra: {} },
});

const getTag = method('get_tag', 1, ['tagInfo', 'strict', 'event', 'blocked'], ({ book }, args) => {
  const name = nameOf(book, args['tagInfo']);
  if (name !== undefined) return E.right(shownTag({ id: book.tags.names.idOf(name), name }));
  return args['strict'] === true ? noTag(args['tagInfo']) : E.right(null);
});

const LIST_TAGS = ['build', 'package', 'perms', 'queryOpts', 'pattern'];

const listTags = method('RootExports.listTags', 0, LIST_TAGS, ({ book }, args) => {
  const { build: info } = args;
  const build = findBuild(book, info);
  if (info != null && build === undefined) return generic(`No such build: ${repr(info)}`);
  const names =
    build === undefined
      ? book.tags.names.all()
      : book.tags.ofBuild(build.id).flatMap((name) => book.tags.names.find(name) ?? []);
  return E.right(queried(names.map(shownTag), args['queryOpts']));
});

const getBuildTarget = method('get_build_target', 1, ['info', 'event', 'strict'], (deps, args) => {
  const { book, releases } = deps;
  const name = typeof args['info'] === 'string' ? args['info'] : '';
  const target = targetOf(name, releases);
  if (target === undefined) {
    return args['strict'] === true
      ? generic(`No such build target: ${plainText(args['info'])}`)
      : E.right(null);
  }
  const { build, dest } = target;
  return E.right({
    ...{ id: book.tags.names.idOf(dest), name, build_tag: book.tags.names.idOf(build) },
    ...{ build_tag_name: build, dest_tag: book.tags.names.idOf(dest), dest_tag_name: dest },
  });
});

/** In a real Koji this is a task; here the build is in its tag at once, and the answer 0. */
const tagBuild = method(
  'RootExports.tagBuild',
  2,
  ['tag', 'build', 'force', 'fromtag'],
  (deps, args, { session }) => {
    const { book } = deps;
    if (session === undefined) {
      return E.left({
        faultCode: 1004,
        faultString: 'you must be logged in for this operation',
      });
    }
    const build = findBuild(book, args['build']);
    if (build === undefined) return generic(`No such build: ${repr(args['build'])}`);
    const tag = nameOf(book, args['tag']);
    if (tag === undefined) return noTag(args['tag']);
    if (deps.tagBuild(tag, build.nvr)) return E.right(0);
    return E.left({
      faultCode: 1003,
      faultString: `build ${build.nvr} already tagged (tag: ${tag})`,
    });
  },
);

export const TAG_METHODS: Readonly<Record<string, Method>> = {
  ...{ listTagged, listTaggedRPMS: listTaggedRpms, getTag, listTags, getBuildTarget, tagBuild },
};
