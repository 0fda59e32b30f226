import { appendLimit } from '../admit.ts';
import type { RecordedEvent } from '../event-log.ts';

export type Run = ReadonlyArray<RecordedEvent>;

const bytesOf = ({ data }: RecordedEvent): number => Buffer.byteLength(JSON.stringify(data));

/** Neighbours of one stream together, as many as fit in one append, in the order of the log. */
export const runsOf = (events: ReadonlyArray<RecordedEvent>): ReadonlyArray<Run> => {
  const runs: Array<Array<RecordedEvent>> = [];
  let bytes = 0;
  for (const event of events) {
    const size = bytesOf(event);
    const run = runs.at(-1);
    const isNext = run?.at(-1)?.stream === event.stream && bytes + size <= appendLimit;
    if (run !== undefined && isNext) run.push(event);
    else runs.push([event]);
    bytes = isNext ? bytes + size : size;
  }
  return runs;
};
