import * as E from 'fp-ts/lib/Either.js';
import type { Book } from './book.ts';
import { findBuild } from './build-methods.ts';
import { generic, method, repr, type Answered, type Method } from './method.ts';
import type { Archive, Rpm } from './port.ts';
import { paged, queried } from './query-options.ts';
import { shownArchive, shownRpm, sigHash } from './render.ts';
import { isStruct, plainText, type Struct, type Value } from './value.ts';

const shown = (book: Book, rpm: Rpm): ReadonlyArray<Struct> => {
  const found = book.build(rpm.buildId);
  return found === undefined ? [] : [shownRpm(found, rpm)];
};

const rpmsIn = (book: Book, args: Struct): ReadonlyArray<Rpm> => {
  const { buildID, imageID } = args;
  if (typeof imageID === 'number') {
    return (book.archive(imageID)?.rpms ?? []).flatMap((id) => book.rpm(id) ?? []);
  }
  if (typeof buildID === 'number') return book.build(buildID)?.rpms ?? [];
  return book.builds().flatMap(({ rpms }) => rpms);
};

const ofArches = (rpms: ReadonlyArray<Rpm>, arches: Value | undefined): ReadonlyArray<Rpm> => {
  if (arches == null) return rpms;
  const named = Array.isArray(arches) ? arches : [arches];
  return rpms.filter(({ arch }) => named.includes(arch));
};

const LIST_RPMS = [
  ...['buildID', 'buildrootID', 'imageID', 'componentBuildrootID', 'hostID', 'arches'],
  ...['queryOpts', 'draft'],
];

const rpms = method('list_rpms', 0, LIST_RPMS, ({ book }, args) => {
  const rows = ofArches(rpmsIn(book, args), args['arches']).flatMap((rpm) => shown(book, rpm));
  return E.right(queried(rows, args['queryOpts']));
});

const buildRpms = method('RootExports.listBuildRPMs', 1, ['build'], ({ book }, args): Answered => {
  const found = findBuild(book, args['build']);
  if (found === undefined) return generic(`No such build: ${repr(args['build'])}`);
  return E.right(found.rpms.flatMap((rpm) => shown(book, rpm)));
});

const NVRA = /^(.+)-([^-]+)-([^-]+)\.([^.]+)$/;

/** By id or `name-version-release.arch`. */
const findRpm = (book: Book, info: Value | undefined): Rpm | undefined => {
  if (typeof info === 'number') return book.rpm(info);
  if (typeof info !== 'string') return undefined;
  if (/^\d+$/.test(info)) return book.rpm(Number(info));
  const [, name, version, release, arch] = NVRA.exec(info.replace(/\.rpm$/, '')) ?? [];
  return book
    .builds()
    .filter((one) => one.version === version && one.release === release)
    .flatMap((one) => one.rpms)
    .find((rpm) => rpm.name === name && rpm.arch === arch);
};

const rpm = method('get_rpm', 1, ['rpminfo', 'strict', 'multi'], ({ book }, args) => {
  const found = findRpm(book, args['rpminfo']);
  if (found !== undefined) return E.right(shown(book, found)[0] ?? null);
  return args['strict'] === true ? generic(`No such rpm: ${repr(args['rpminfo'])}`) : E.right(null);
});

const signatures = (found: Rpm): ReadonlyArray<Struct> =>
  ['', ...found.sigkeys].map((sigkey) => ({
    ...{ rpm_id: found.id, sigkey, sighash: sigHash(found, sigkey) },
  }));

const rpmSigs = method('query_rpm_sigs', 0, ['rpm_id', 'sigkey', 'queryOpts'], ({ book }, args) => {
  const { rpm_id: asked, sigkey } = args;
  const found = findRpm(book, asked);
  const all = found === undefined ? [] : [found];
  const known = asked == null ? book.builds().flatMap((one) => one.rpms) : all;
  const rows = known
    .flatMap(signatures)
    .filter((row) => sigkey == null || row['sigkey'] === plainText(sigkey).toLowerCase());
  return E.right(paged(rows, args['queryOpts']));
});

const archiveRow = (book: Book, archive: Archive): ReadonlyArray<Struct> => {
  const found = book.build(archive.buildId);
  return found?.image == null ? [] : [shownArchive(found, found.image, archive)];
};

const LIST_ARCHIVES = [
  ...['buildID', 'buildrootID', 'componentBuildrootID', 'hostID', 'type', 'filename', 'size'],
  ...['checksum', 'checksum_type', 'typeInfo', 'queryOpts', 'imageID', 'archiveID', 'strict'],
];

const withoutArch = (row: Struct): Struct =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'arch'));

const archives = method('list_archives', 0, LIST_ARCHIVES, ({ book }, args) => {
  const { buildID, type, typeInfo, filename } = args;
  if (type != null && type !== 'image')
    return generic(`unsupported archive type: ${plainText(type)}`);
  const from = typeof buildID === 'number' ? [book.build(buildID)] : book.builds();
  const arch = isStruct(typeInfo) ? typeInfo['arch'] : undefined;
  const rows = from
    .flatMap((found) => found?.image?.archives ?? [])
    .filter((one) => filename == null || one.filename === filename)
    .filter((one) => arch == null || one.arch === arch)
    .flatMap((one) => archiveRow(book, one));
  return E.right(queried(type === 'image' ? rows : rows.map(withoutArch), args['queryOpts']));
});

const archive = method('get_archive', 1, ['archive_id', 'strict'], ({ book }, args) => {
  const found = book.archive(Number(args['archive_id']));
  const [row] = found === undefined ? [] : archiveRow(book, found);
  if (row !== undefined) return E.right({ ...row, rootid: true });
  return args['strict'] === true
    ? generic(`No such archive: ${plainText(args['archive_id'])}`)
    : E.right(null);
});

export const RPM_METHODS: Readonly<Record<string, Method>> = {
  ...{ listRPMs: rpms, listBuildRPMs: buildRpms, getRPM: rpm, queryRPMSigs: rpmSigs },
  ...{ listArchives: archives, getArchive: archive },
};
