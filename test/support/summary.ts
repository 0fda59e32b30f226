import { join } from 'node:path';
import type { EventLog } from '../../event-log/event-log.ts';
import { projectors } from '../../projectors/all.ts';
import { openEmbeddedReadModels } from '../../projectors/embedded/open.ts';
import type { ReadModels } from '../../projectors/read-models.ts';
import { runProjector } from '../../projectors/run-projector.ts';
import { must } from './service.ts';

/** Tells a log into all read models, to its end; fails with the first projector that gives up. */
export const toldFrom = async (log: EventLog, folder: string): Promise<ReadModels> => {
  const readModels = must(await openEmbeddedReadModels({ file: join(folder, 'read-models.db') })());
  const head = must(await log.head()());
  const deps = { log, readModels, owner: 'test', logId: 'test' };
  await Promise.all(
    projectors.map(async (projector) => {
      const stop = new AbortController();
      const onCommitted = ({ position }: { readonly position: string }): void => {
        if (position >= head) stop.abort();
      };
      must(await runProjector({ ...deps, onCommitted })(projector)(stop.signal));
    }),
  );
  return readModels;
};

/** By what the rows of a model are counted. */
const by: Readonly<Record<string, ReadonlyArray<string>>> = {
  events: ['eventTypeId', 'state'],
  builds: ['type', 'state'],
  decisions: ['verdict', 'code'],
  messages: ['verdict', 'code'],
  composes: ['state'],
  open_work: ['saga'],
  sources: ['transport'],
};

/** How many rows each model has, by state and code. */
export const countsOf = async (
  readModels: ReadModels,
): Promise<Readonly<Record<string, Readonly<Record<string, number>>>>> => {
  const counts: Record<string, Record<string, number>> = {};
  for (const { model } of projectors) {
    const tallied = must(await readModels.reader(model).tally([], by[model.name] ?? [])());
    const entries = tallied.map(({ values, rows }) => [values.join(' ') || 'rows', rows] as const);
    counts[model.name] = Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return counts;
};
