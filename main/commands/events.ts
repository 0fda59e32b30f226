import * as E from 'fp-ts/lib/Either.js';
import { eventTypeTable } from '../../query-api/names/tables.ts';
import type { Asking, Json } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { findEvents } from './asking/find.ts';
import { buildColumns, decisionColumns, ofRehearsal, tellRest } from './asking/lists.ts';
import type { FullEvent } from './asking/shapes.ts';
import { Decision, Event, pageOf } from './asking/shapes.ts';
import type { Column } from './asking/table.ts';
import { facts, inColour, plain, table, toMinute, toSecond } from './asking/table.ts';
import { exit } from './exit-codes.ts';

export type EventsList = Json & {
  readonly state?: string;
  readonly searchKey?: string;
  readonly limit: string;
  readonly page: string;
};

const counted = ({ builds_summary: { total = 0, ...byState } }: Event): string => {
  const states = Object.entries(byState).map(([state, count]) => `${count} ${state}`);
  return total === 0 ? '-' : states.join(', ');
};

const columns: ReadonlyArray<Column<Event>> = [
  { title: 'ID', of: ({ id }) => String(id) },
  { title: 'STATE', of: ({ state_name: name }) => name, isState: true },
  { title: 'CREATED (UTC)', of: ({ time_created: time }) => toMinute(time) },
  { title: 'TYPE', of: ({ event_type_id: id }) => eventTypeTable.nameOf(id) },
  { title: 'REHEARSAL', of: ({ dry_run: dryRun }) => ofRehearsal(dryRun) },
  { title: 'BUILDS', of: counted },
  { title: 'SEARCH KEY', of: ({ search_key: key }) => key },
];

/** `events list`: a page of events, the newest first. */
export const eventsList = (deps: Asking, options: EventsList): Promise<number> =>
  asking(deps, async (api) => {
    const { state, searchKey: search_key, limit: per_page, page } = options;
    const wanted = { state, search_key, per_page, page, show_full_json: 'False' };
    const events = await api.get('events/', pageOf(Event), wanted)();
    if (E.isLeft(events)) return events;
    if (options.json === true) deps.stdout(asJson(events.right));
    else {
      deps.stdout(table(deps.screen, columns, events.right.items));
      deps.stderr(tellRest('event', events.right.meta));
    }
    return E.right(exit.done);
  });

const inFull = (
  { screen }: Asking,
  event: FullEvent,
  decisions: ReadonlyArray<Decision>,
): string => {
  const { state_name: state } = event;
  const heading = `Event ${event.id}  ${inColour(screen, state)}  ${plain(event.search_key)}\n`;
  const told = facts([
    ['type', eventTypeTable.nameOf(event.event_type_id)],
    ['message', event.message_id],
    ['created', toSecond(event.time_created)],
    ['done', event.time_done === null ? null : toSecond(event.time_done)],
    ['rehearsal', event.dry_run === true ? 'yes: nothing outside is called' : null],
    ['state', event.state_reason],
  ]);
  const considered =
    decisions.length === 0
      ? 'No artifact was considered.\n'
      : table(screen, decisionColumns, decisions);
  const built =
    event.builds.length === 0 ? 'No builds.\n' : table(screen, buildColumns, event.builds);
  return `${heading}${told}\n${considered}\n${built}`;
};

/** `events show <id>`: one event with its builds and what was decided on each candidate. */
export const eventsShow = (deps: Asking, text: string, options: Json): Promise<number> =>
  asking(deps, async (api) => {
    const found = await findEvents(api, text);
    if (E.isLeft(found)) return found;
    const [event] = found.right;
    if (event === undefined) throw new Error('nothing found counts as missing');
    if (found.right.length > 1) {
      const ids = found.right.map(({ id }) => id).join(', ');
      deps.stderr(`Events ${ids} have this key; the newest is shown.\n`);
    }
    if (options.json === true) {
      deps.stdout(asJson(event));
      return E.right(exit.done);
    }
    const path = `events/${event.id}/decisions/`;
    const decisions = await api.get(path, pageOf(Decision), { per_page: '1000' })();
    if (E.isLeft(decisions)) return decisions;
    deps.stdout(inFull(deps, event, decisions.right.items));
    deps.stderr(tellRest('decision', decisions.right.meta));
    return E.right(exit.done);
  });
