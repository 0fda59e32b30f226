import type { ModuleContents } from '../../domain/module/events.ts';
import type { Projector } from '../projector.ts';
import type { ModuleContext, ModuleRow } from './row.ts';
import { holds, moduleIndexModel } from './row.ts';

type Build = { readonly version: string; readonly buildId: number };

/** MBS may put digits for the base module in front of the 14 of the time stamp. */
const stamp = (version: string): number => {
  const digits = version.slice(-14);
  return /^\d+$/u.test(digits) ? Number(digits) : 0;
};

const isNewer = (one: Build, other: Build): boolean => {
  const [mine, theirs] = [stamp(one.version), stamp(other.version)];
  return mine === theirs ? one.buildId > other.buildId : mine > theirs;
};

const newestOf = (contexts: ModuleRow['contexts']): ModuleContext | undefined =>
  Object.values(contexts).reduce<ModuleContext | undefined>(
    (newest, context) => (newest === undefined || isNewer(context, newest) ? context : newest),
    undefined,
  );

/** Builds of one commit belong together; where none is known, those of one version do. */
const source = (commit: string | null, version: string): string => commit ?? `version ${version}`;

const distinct = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(texts)].sort();

const rowOf = (
  { name, stream, commit }: ModuleContents,
  contexts: ModuleRow['contexts'],
): ModuleRow => {
  const all = Object.values(contexts);
  const components = all.flatMap((context) => context.components);
  return {
    name,
    stream,
    version: newestOf(contexts)?.version ?? '',
    commit,
    contexts,
    holds: distinct(components.map(({ package: rpm, ref }) => holds(rpm, ref))),
    buildRequires: distinct(all.flatMap((context) => context.buildRequires)),
  };
};

const withBuild = (row: ModuleRow | undefined, event: ModuleContents): ModuleRow => {
  const { buildId, version, components, buildRequires, commit, context } = event;
  const told: ModuleContext = { buildId, version, components, buildRequires };
  const newest = row === undefined ? undefined : newestOf(row.contexts);
  if (row === undefined || newest === undefined) return rowOf(event, { [context]: told });
  if (source(row.commit, row.version) !== source(commit, version)) {
    return isNewer(event, newest) ? rowOf(event, { [context]: told }) : row;
  }
  const known = Object.hasOwn(row.contexts, context) ? row.contexts[context] : undefined;
  if (known !== undefined && !isNewer(event, known)) return row;
  return rowOf(event, { ...row.contexts, [context]: told });
};

/** What the newest commit of each module stream holds and was built with. */
export const moduleIndexProjector: Projector<ModuleRow, ModuleContents> = {
  model: moduleIndexModel,
  categories: ['module'],
  types: ['ModuleContentsRecorded'],
  touches: ({ event }) => [`${event.name}:${event.stream}`],
  project: (row, { event }) => withBuild(row, event),
};
