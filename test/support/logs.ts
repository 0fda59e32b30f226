import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { runsOf } from '../../event-log/copy/runs.ts';
import type { EventLog, RecordedEvent } from '../../event-log/event-log.ts';
import { must } from './service.ts';

/** The text of a log that an earlier version exported. */
export const logOf = (version: string): string => {
  const file = new URL(`../fixtures/logs/${version}.ndjson.gz`, import.meta.url);
  return gunzipSync(readFileSync(fileURLToPath(file))).toString('utf8');
};

export const eventsIn = (text: string): ReadonlyArray<RecordedEvent> =>
  text
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RecordedEvent);

/** Puts events of a log into another with their hashes, in their order. */
export const putInto = async (
  log: EventLog,
  events: ReadonlyArray<RecordedEvent>,
): Promise<void> => {
  for (const run of runsOf(events)) {
    const { stream = '', revision = 0 } = run[0] ?? {};
    const sealed = run.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }));
    must(await log.append(stream, revision === 0 ? 'no-stream' : revision - 1, sealed)());
  }
};

/** All events of a log, in its order. */
export const allOf = async (log: EventLog): Promise<ReadonlyArray<RecordedEvent>> => {
  const events: Array<RecordedEvent> = [];
  for (let after = ''; ;) {
    const page = must(await log.readAll(after, {}, 1000)());
    events.push(...page.events);
    if (page.atEnd) return events;
    after = page.upTo;
  }
};
