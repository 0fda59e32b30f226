// Appends to the log file it is given, as a process of its own, and says on stdout what was acknowledged.
import * as E from 'fp-ts/lib/Either.js';
import { openEmbeddedLog } from '../../event-log/embedded/embedded-log.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Head } from '../../event-log/seal.ts';
import { seal } from '../../event-log/seal.ts';
import { anEvent, headAfter, right } from './an-event.ts';

const [file = '', stream = '', wins = '0'] = process.argv.slice(2);

const headOf = async (log: EventLog): Promise<Head | undefined> => {
  const last = await right(log.last(stream));
  return last === undefined ? undefined : { revision: last.revision, hash: last.metadata.hash };
};

/** Appends one event after another until it has won so often, reading the stream anew when beaten. */
const append = async (log: EventLog): Promise<void> => {
  let head = await headOf(log);
  for (let won = 0; won < Number(wins);) {
    const events = seal(stream, head, [anEvent()]);
    const result = await log.append(stream, head?.revision ?? 'no-stream', events)();
    if (E.isRight(result)) {
      process.stdout.write(`${events[0]?.id ?? ''} ${result.right.revision}\n`);
      head = headAfter(events, result.right.revision - 1);
      won += 1;
    } else if (result.left.code === 'conflict') head = await headOf(log);
    else throw new Error(JSON.stringify(result.left));
  }
};

const log = await right(openEmbeddedLog({ file }));
await append(log);
await log.close();
