import * as TE from 'fp-ts/lib/TaskEither.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { BuildRow } from '../../projectors/builds/row.ts';
import type { Reader, Row, StoreFailure, Where } from '../../projectors/read-models.ts';
import { buildText } from '../builds/json.ts';
import type { JsonText } from '../json-text.ts';
import { jsonList } from '../json-text.ts';
import { buildStateTable } from '../names/tables.ts';
import type { BuildsPart } from './json.ts';

/** What to say of the builds of each of some events, told from one read for all of them. */
export type BuildsOf = (
  events: ReadonlyArray<number>,
) => TE.TaskEither<StoreFailure, (event: number) => BuildsPart>;

const everyRow = 1_000_000;

const answering = (events: ReadonlyArray<number>): ReadonlyArray<Where> => [
  { field: 'eventIds', in: events },
];

const byEvent = (rows: ReadonlyArray<Row>): ((event: number) => BuildsPart) => {
  const found = new Map<number, Array<JsonText>>();
  for (const row of rows) {
    const text = buildText(row);
    for (const event of (row.body as BuildRow).eventIds) {
      const builds = found.get(event);
      if (builds === undefined) found.set(event, [text]);
      else builds.push(text);
    }
  }
  return (event) => ({ builds: jsonList(found.get(event) ?? []) });
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

/** Builds of an event by state: only states that occur, by name, and `total`. */
const summaryText = (counts: ReadonlyMap<number, number>): JsonText => {
  const named = [...counts].map(([state, count]) => ({
    name: buildStateTable.nameOf(state),
    count,
  }));
  if (named.length > 1) named.sort((a, b) => (a.name < b.name ? -1 : 1));
  const total = named.reduce((sum, { count }) => sum + count, 0);
  return `{${named.map(({ name, count }) => `"${name}":${count},`).join('')}"total":${total}}`;
};

const noCounts: ReadonlyMap<number, number> = new Map();

const summaries = (tally: ReadonlyArray<Tally>): ((event: number) => BuildsPart) => {
  const found = new Map<number, Map<number, number>>();
  for (const { values, rows } of tally) {
    const [event, state] = values;
    if (typeof event !== 'number' || typeof state !== 'number') continue;
    const counts = found.get(event);
    if (counts === undefined) found.set(event, new Map([[state, rows]]));
    else counts.set(state, rows);
  }
  return (event) => ({ builds_summary: summaryText(found.get(event) ?? noCounts) });
};

/** The short form: how many builds an event has in which state. */
export const countedBuilds =
  (builds: Reader): BuildsOf =>
  (events) =>
    pipe(builds.tally(answering(events), ['eventIds', 'state']), TE.map(summaries));
