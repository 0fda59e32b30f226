import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { BuildRow } from '../../projectors/builds/row.ts';
import type { Reader, Row, StoreFailure, Where } from '../../projectors/read-models.ts';
import { buildJson } from '../builds/json.ts';
import { buildStateTable } from '../names/tables.ts';
import type { BuildsPart, Summary } from './json.ts';

/** What to say of the builds of each of some events, told from one read for all of them. */
export type BuildsOf = (
  events: ReadonlyArray<number>,
) => TE.TaskEither<StoreFailure, (event: number) => BuildsPart>;

const everyRow = 1_000_000;

const answering = (events: ReadonlyArray<number>): ReadonlyArray<Where> => [
  { field: 'eventIds', in: events },
];

const none = { builds: [] };

const byEvent = (rows: ReadonlyArray<Row>): ((event: number) => BuildsPart) => {
  const found = new Map<number, Array<ReturnType<typeof buildJson>>>();
  for (const { body } of rows) {
    const row = body as BuildRow;
    const json = buildJson(row);
    for (const event of row.eventIds) {
      const builds = found.get(event);
      if (builds === undefined) found.set(event, [json]);
      else builds.push(json);
    }
  }
  return (event) => {
    const builds = found.get(event);
    return builds === undefined ? none : { builds };
  };
};

/** The full form: every build of an event, in the order of their ids. */
export const fullBuilds =
  (builds: Reader): BuildsOf =>
  (events) =>
    pipe(
      builds.find({
        where: answering(events),
        orderBy: [{ field: 'id' }],
        offset: 0,
        limit: everyRow,
      }),
      TE.map(byEvent),
    );

type Tally = {
  readonly values: ReadonlyArray<string | number | null>;
  readonly rows: number;
};

const summaryOf = (counts: Summary): Summary => ({
  ...Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))),
  total: Object.values(counts).reduce((sum, count) => sum + count, 0),
});

const summaries = (tally: ReadonlyArray<Tally>): ((event: number) => BuildsPart) => {
  const found = new Map<number, Record<string, number>>();
  for (const { values, rows } of tally) {
    const [event, state] = values.map(Number);
    if (event === undefined || state === undefined) continue;
    const counts = found.get(event) ?? {};
    counts[buildStateTable.nameOf(state)] = rows;
    found.set(event, counts);
  }
  return (event) => ({ builds_summary: summaryOf(found.get(event) ?? {}) });
};

/** The short form: how many builds an event has in which state. */
export const countedBuilds =
  (builds: Reader): BuildsOf =>
  (events) =>
    pipe(builds.tally(answering(events), ['eventIds', 'state']), TE.map(summaries));
