import * as E from 'fp-ts/lib/Either.js';
import { problem, type Answer } from '../http/reply.ts';
import { contextOf, expandStreams, type Variant } from './expand.ts';
import { completedModulemd, type DependencyBlock, type ModuleFile } from './modulemd.ts';
import { INIT, stateName, zulu, type BuildRequire, type Row } from './row.ts';
import type { Rows } from './rows.ts';

export type Wanted = {
  readonly name: string;
  readonly stream: string;
  readonly file: ModuleFile;
  readonly commit: string;
  readonly committed: Date;
  readonly scmurl: string;
  readonly owner: string;
  readonly strategy: string;
  readonly scratch: boolean;
};

/** A row that was not saved yet and has no id. */
export type Draft = Omit<Row, 'id' | 'due' | 'doomed' | 'stuck'>;

const digits = (date: Date): string => date.toISOString().replace(/\D/g, '').slice(0, 14);

const prefix = (platform: string | undefined): string => /\d+/.exec(platform ?? '')?.[0] ?? '';

/** The platform's number, then the time of the commit: `28` + `20261122101216`. */
export const moduleVersion = (platform: string | undefined, committed: Date): string =>
  `${prefix(platform)}${digits(committed)}`;

const resolved = (
  rows: Rows,
  wanted: Variant['buildrequires'],
): E.Either<Answer, ReadonlyArray<Row>> => {
  const found: Array<Row> = [];
  for (const [name, stream] of Object.entries(wanted)) {
    const row = rows.latestReady(name, stream);
    if (row === undefined) {
      const message = `Cannot find any module builds for ${name}:${stream}`;
      return E.left(problem(422, message));
    }
    found.push(row);
  }
  return E.right(found);
};

export const buildRequire = (row: Row): BuildRequire => ({
  context: row.context,
  koji_tag: row.koji_tag ?? '',
  ref: row.commit ?? 'virtual',
  stream: row.stream,
  version: row.version,
});

const blockOf = ({ buildrequires, requires }: Variant): DependencyBlock => ({
  buildrequires: Object.fromEntries(
    Object.entries(buildrequires).map(([name, stream]) => [name, [stream]]),
  ),
  requires,
});

/** Two commits of one second get two versions here; a real MBS would take them for one. */
const freeVersion = (rows: Rows, wanted: Wanted, context: string, first: string): string => {
  const taken = new Set(
    rows
      .ofStream(wanted.name, wanted.stream)
      .filter((row) => row.context === context && row.commit !== wanted.commit)
      .map(({ version }) => version),
  );
  let version = first;
  while (taken.has(version)) version = String(BigInt(version) + 1n);
  return version;
};

const draftOf = (
  rows: Rows,
  wanted: Wanted,
  variant: Variant,
  bases: ReadonlyArray<Row>,
): Draft => {
  const now = zulu(new Date());
  const hashes = contextOf(variant);
  const platform = variant.buildrequires['platform'];
  const version = moduleVersion(platform, wanted.committed);
  const draft: Draft = {
    ...{ name: wanted.name, stream: wanted.stream, owner: wanted.owner },
    ...{ scmurl: wanted.scmurl, commit: wanted.commit, scratch: wanted.scratch },
    ...hashes,
    version: freeVersion(rows, wanted, hashes.context, version),
    state: INIT,
    state_reason: null,
    state_trace: [{ reason: null, state: INIT, state_name: stateName(INIT), time: now }],
    rebuild_strategy: wanted.strategy,
    koji_tag: null,
    buildrequires: Object.fromEntries(bases.map((row) => [row.name, buildRequire(row)])),
    base_modules: bases.filter(({ name }) => name === 'platform').map(({ id }) => id),
    modulemd: '',
    components: [],
    stream_version: null,
    ...{ time_submitted: now, time_modified: now, time_completed: null },
  };
  const notes = { buildrequires: draft.buildrequires, mse: true };
  const modulemd = completedModulemd(wanted.file, draft, blockOf(variant), notes);
  return { ...draft, modulemd };
};

/** One draft for each context of a commit, against the newest ready builds it requires. */
export const draftRows = (
  rows: Rows,
  wanted: Wanted,
  knownStreams: (module: string) => ReadonlyArray<string>,
): E.Either<Answer, ReadonlyArray<Draft>> => {
  const variants = expandStreams(wanted.file.dependencies, knownStreams);
  if (variants.length === 0) {
    return E.left(problem(422, `No dependency combination of ${wanted.name} could be resolved`));
  }
  const drafts: Array<Draft> = [];
  for (const variant of variants) {
    const bases = resolved(rows, variant.buildrequires);
    if (E.isLeft(bases)) return bases;
    drafts.push(draftOf(rows, wanted, variant, bases.right));
  }
  return E.right(drafts);
};
