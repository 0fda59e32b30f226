import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import type { Read } from './hub.ts';
import type { ImageBuildPage, KojiBuild, KojiRpm, Signatures } from './port.ts';
import { multiCall, readAs, shaped, type Result } from './read.ts';
import { keywords } from './xml-rpc/value.ts';

const EpochOrNull = t.union([Count, t.null], 'epoch');

const Build = t.type(
  {
    id: Count,
    nvr: t.string,
    name: t.string,
    version: t.string,
    release: t.string,
    epoch: EpochOrNull,
    state: Count,
  },
  'build',
);
const Rpm = t.type(
  {
    id: Count,
    name: t.string,
    epoch: EpochOrNull,
    version: t.string,
    release: t.string,
    arch: t.string,
  },
  'rpm',
);

export const buildOf = async (read: Read, idOrNvr: number | string): Result<KojiBuild> => {
  const found = await readAs(read)(t.union([Build, t.null]), 'getBuild', [idOrNvr]);
  if (E.isLeft(found)) return found;
  if (found.right === null) {
    return E.left({ code: 'koji-missing', reason: `Koji knows no build ${idOrNvr}` });
  }
  const { id, nvr, name, version, release, epoch, state } = found.right;
  return E.right({ id, nvr, name, version, release, epoch, state });
};

const rpmOf = ({ id, name, epoch, version, release, arch }: KojiRpm): KojiRpm => ({
  ...{ id, name, epoch, version, release, arch },
});

export const rpmsOf = async (read: Read, buildID: number): Result<ReadonlyArray<KojiRpm>> => {
  const rpms = await readAs(read)(t.readonlyArray(Rpm), 'listRPMs', [keywords({ buildID })]);
  return E.map((rows: ReadonlyArray<KojiRpm>) => rows.map(rpmOf))(rpms);
};

const Keys = t.readonlyArray(t.type({ sigkey: t.string }), 'list of signatures');

/** Koji keeps a header that is not signed under the empty key. */
const keysIn = (signatures: t.TypeOf<typeof Keys>): ReadonlySet<string> =>
  new Set(signatures.map(({ sigkey }) => sigkey.toLowerCase()).filter((key) => key !== ''));

/** Asks for the signatures of each RPM of the build, a hundred at a time. */
export const signaturesOf = async (read: Read, buildId: number): Result<Signatures> => {
  const rpms = await rpmsOf(read, buildId);
  if (E.isLeft(rpms)) return rpms;
  const calls = rpms.right.map(({ id }) => ({
    methodName: 'queryRPMSigs',
    params: [keywords({ rpm_id: id })],
  }));
  const answers = await multiCall(read, calls, 100);
  if (E.isLeft(answers)) return answers;
  const carried: Array<ReadonlySet<string>> = [];
  for (const answer of answers.right) {
    const keys = E.chain(shaped(Keys, 'queryRPMSigs'))(answer);
    if (E.isLeft(keys)) return keys;
    carried.push(keysIn(keys.right));
  }
  const [first, ...others] = carried;
  const keys = [...(first ?? [])].filter((key) => others.every((other) => other.has(key)));
  const unsigned = carried.filter((own) => own.size === 0).length;
  return E.right({ rpms: carried.length, unsigned, keys: keys.sort() });
};

const Tags = t.readonlyArray(t.type({ name: t.string }), 'list of tags');

export const tagsOf = async (read: Read, nvr: string): Result<ReadonlyArray<string>> => {
  const tags = await readAs(read)(Tags, 'listTags', [nvr]);
  return E.map((rows: t.TypeOf<typeof Tags>) => rows.map(({ name }) => name))(tags);
};

const Listed = t.readonlyArray(t.type({ build_id: Count, nvr: t.string }), 'list of builds');

const complete = { type: 'image', state: 1 };

/** One page of complete image builds and their number, as of one moment. */
export const imageBuilds = async (
  read: Read,
  offset: number,
  limit: number,
): Result<ImageBuildPage> => {
  const page = { order: 'build_id', offset, limit };
  const calls = [page, { countOnly: true }].map((queryOpts) => ({
    methodName: 'listBuilds',
    params: [keywords({ ...complete, queryOpts })],
  }));
  const answers = await multiCall(read, calls, calls.length);
  if (E.isLeft(answers)) return answers;
  const [rows, count] = answers.right;
  if (rows === undefined || count === undefined) throw new Error('two calls have two answers');
  const builds = E.chain(shaped(Listed, 'listBuilds'))(rows);
  const total = E.chain(shaped(Count, 'listBuilds, counted'))(count);
  if (E.isLeft(builds)) return builds;
  if (E.isLeft(total)) return total;
  const named = builds.right.map(({ build_id: id, nvr }) => ({ id, nvr }));
  return E.right({ builds: named, total: total.right });
};
