import type { Compared } from './models.ts';
import type { OnRecord } from './record.ts';
import type { Asked } from './world.ts';

export type Line = {
  readonly what: string;
  readonly count: number;
  /** What is not as it was promised; nothing when all is well. */
  readonly faults: ReadonlyArray<string>;
};

const unclaimed = (
  what: string,
  ids: ReadonlyArray<number>,
  claims: ReadonlyMap<number, ReadonlyArray<string>>,
): ReadonlyArray<string> => [
  ...ids.flatMap((id) => {
    const by = claims.get(id) ?? [];
    if (by.length === 1) return [];
    return [by.length === 0 ? `${what} ${id} is nobody's` : `${what} ${id}: ${by.join(' and ')}`];
  }),
  ...[...claims.keys()].filter((id) => !ids.includes(id)).map((id) => `${what} ${id} is not there`),
];

const messageFaults = ({ messages }: Asked, record: OnRecord): ReadonlyArray<string> => [
  ...messages.filter((id) => !record.messages.has(id)).map((id) => `message ${id} is lost`),
  ...[...record.messages].flatMap(([id, times]) =>
    times === 1 ? [] : [`message ${id} is there ${times} times`],
  ),
];

/** Everything that was promised, counted. */
export const tallyOf = (
  asked: Asked,
  record: OnRecord,
  models: Compared,
  chain: { readonly events: number; readonly faults: ReadonlyArray<string> },
): ReadonlyArray<Line> => [
  {
    what: 'messages published, each in the log once',
    count: asked.messages.length,
    faults: messageFaults(asked, record),
  },
  {
    what: 'module builds in MBS, each of one attempt on record',
    count: asked.moduleBuilds.length,
    faults: unclaimed('module build', asked.moduleBuilds, record.moduleBuilds),
  },
  {
    what: 'image builds in Koji, each of one attempt on record',
    count: asked.tasks.length,
    faults: unclaimed('task', asked.tasks, record.tasks),
  },
  {
    what: 'composes in ODCS, each of one trigger on record',
    count: asked.composes.length,
    faults: unclaimed('compose', asked.composes, record.composes),
  },
  {
    what: 'claims of a trigger on an artifact, each answered by one build',
    count: record.answers.size,
    faults: [...record.answers].flatMap(([claim, builds]) =>
      builds.length === 1 ? [] : [`${claim}: builds ${builds.join(' and ')}`],
    ),
  },
  {
    what: 'requests accepted, none of them twice',
    count: asked.moduleBuilds.length + asked.tasks.length,
    faults: asked.twice.map((key) => `accepted twice: ${key}`),
  },
  { what: 'rows equal to those of a fresh rebuild', count: models.rows, faults: models.differ },
  { what: 'events in unbroken chains', count: chain.events, faults: chain.faults },
];

const shown = 10;

const lineIn = ({ what, count, faults }: Line): string => {
  const listed = faults.slice(0, shown).map((fault) => `\n            ${fault}`);
  const verdict = faults.length === 0 ? 'as promised' : `${faults.length} FAULTS`;
  return `  ${String(count).padStart(7)}  ${what}: ${verdict}${listed.join('')}`;
};

/** The tally as people read it. A count of nothing proves nothing, so it is a fault. */
export const tallyInWords = (lines: ReadonlyArray<Line>): string => lines.map(lineIn).join('\n');

/** Whether every promise was kept, and there was something to keep it for. */
export const isKept = (lines: ReadonlyArray<Line>): boolean =>
  lines.every(({ count, faults }) => count > 0 && faults.length === 0);
