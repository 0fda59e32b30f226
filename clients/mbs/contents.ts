import * as E from 'fp-ts/lib/Either.js';
import { isJsonObject } from '../../domain/json.ts';
import type { ModuleContents } from '../../domain/module/events.ts';
import { readModulemd } from './modulemd.ts';
import { commitIn, type Row } from './row.ts';

/** What MBS itself calls a build from before it knew contexts (DEFAULT_MODULE_CONTEXT). */
const noContext = '00000000';

const resolved = (buildrequires: unknown): ReadonlyArray<string> | undefined => {
  if (!isJsonObject(buildrequires)) return undefined;
  return Object.entries(buildrequires).flatMap(([name, entry]) =>
    isJsonObject(entry) && typeof entry['stream'] === 'string'
      ? [`${name}:${entry['stream']}`]
      : [],
  );
};

const seconds = (time: number): string | null => {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
};

/** ISO 8601; MBS of 2017 gave Unix seconds. */
const timeOf = (time: string | number | null | undefined): string | null =>
  typeof time === 'number' ? seconds(time) : (time ?? null);

/** What a verbose row holds. The reason when it has no version or no modulemd that can be read. */
export const contentsOf = (row: Row): E.Either<string, ModuleContents> => {
  const named = `module build ${row.id} (${row.name}:${row.stream})`;
  if (row.version === null || row.version === undefined) {
    return E.left(`${named} has no version, so it cannot be put in order`);
  }
  const modulemd = readModulemd(row.modulemd ?? '');
  if (E.isLeft(modulemd)) return E.left(`modulemd of ${named}: ${modulemd.left}`);
  const { components, buildRequires } = modulemd.right;
  return E.right({
    type: 'ModuleContentsRecorded',
    buildId: row.id,
    name: row.name,
    stream: row.stream,
    version: String(row.version),
    context: row.context ?? noContext,
    commit: commitIn(row.scmurl),
    components,
    buildRequires: [...(resolved(row.buildrequires) ?? buildRequires)].sort(),
    completedAt: timeOf(row.time_completed),
  });
};
