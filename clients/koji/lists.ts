import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import type { Read } from './hub.ts';
import type { OwnTask } from './port.ts';
import { readAs, type Result } from './read.ts';
import { taskStateName } from './tasks.ts';
import { keywords } from './xml-rpc/value.ts';

type Place = { readonly since: string; readonly offset: number; readonly limit: number };

/** The hub takes only what is later. */
const after = (since: string): number => Date.parse(since) / 1000 - 0.001;

const Built = t.readonlyArray(t.type({ build_id: Count, nvr: t.string }), 'list of builds');

/** Complete image builds, by when they were completed; a page of them. */
export const imageBuildsSince = async (
  read: Read,
  { since, offset, limit }: Place,
): Result<ReadonlyArray<{ readonly id: number; readonly nvr: string }>> => {
  const queryOpts = { order: 'build_id', offset, limit };
  const wanted = { type: 'image', state: 1, completeAfter: after(since), queryOpts };
  const rows = await readAs(read)(Built, 'listBuilds', [keywords(wanted)]);
  return E.map((all: t.TypeOf<typeof Built>) => all.map(({ build_id: id, nvr }) => ({ id, nvr })))(
    rows,
  );
};

const Task = t.type(
  { id: Count, state: Count, request: t.union([t.readonlyArray(t.unknown), t.null]) },
  'listed task',
);
const Options = t.partial(
  {
    git_branch: t.union([t.string, t.null]),
    release: t.union([t.string, t.null]),
  },
  'options of a container',
);

const ownTaskOf = ({ id, state, request }: t.TypeOf<typeof Task>): OwnTask => {
  const [source, , options] = request ?? [];
  const { git_branch: branch = null, release = null } = Options.is(options) ? options : {};
  const said = typeof source === 'string' ? source : '';
  return { id, state, stateName: taskStateName(state), source: said, branch, release };
};

/** Our own container tasks, a page of them. `owner` asks for the id of our own user. */
export const ownTasks = async (
  read: Read,
  owner: () => Result<number>,
  { since, offset, limit }: Place,
): Result<ReadonlyArray<OwnTask>> => {
  const user = await owner();
  if (E.isLeft(user)) return user;
  const createdAfter = after(since);
  const wanted = { owner: user.right, method: 'buildContainer', createdAfter, decode: true };
  const options = { order: 'id', offset, limit };
  const rows = await readAs(read)(t.readonlyArray(Task), 'listTasks', [wanted, options]);
  return E.map((all: ReadonlyArray<t.TypeOf<typeof Task>>) => all.map(ownTaskOf))(rows);
};
