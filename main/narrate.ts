import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent } from '../domain/catalogue.ts';
import { decodeRecorded } from '../event-log/carry-out.ts';
import type { EventLog } from '../event-log/event-log.ts';

const ofTrigger = (event: DomainEvent): string | undefined => {
  if (event.type === 'TriggerNoticed') {
    const { number, reading, rehearsal } = event;
    return `event ${number}${rehearsal ? ' (rehearsal)' : ''}: ${reading.kind} ${reading.searchKey}`;
  }
  if (event.type === 'DecisionsCompleted') {
    return `event ${event.number}: decided, ${event.yes} yes, ${event.no} no`;
  }
  if (event.type === 'TriggerConcluded') return `event ${event.number}: ${event.reason}`;
  return undefined;
};

const ofBuild = (event: DomainEvent): string | undefined => {
  if (event.type === 'BuildPlanned') {
    return `  build ${event.build}: ${event.name}:${event.branch} is planned`;
  }
  if (event.type === 'BuildSubmitted') {
    return `  build ${event.build}: submitted to MBS as ${event.externalIds.join(', ')}`;
  }
  if (event.type === 'BuildSucceeded') return `  build ${event.build}: succeeded`;
  if (event.type === 'BuildFailed') return `  build ${event.build}: failed, ${event.reason}`;
  if (event.type === 'BuildRetryScheduled') {
    return `  build ${event.build}: attempt ${event.attempt} follows, ${event.reason}`;
  }
  return undefined;
};

/** Tells people who look on what happens, one line each, from now until the signal. */
export const narrate = async (
  log: EventLog,
  write: (line: string) => void,
  signal: AbortSignal,
): Promise<void> => {
  const head = await log.head()();
  if (E.isLeft(head)) return;
  for await (const page of log.tail(head.right, {}, signal)) {
    for (const recorded of page.events) {
      const event = decodeRecorded(recorded);
      if (E.isLeft(event)) continue;
      const told = ofTrigger(event.right) ?? ofBuild(event.right);
      const time = recorded.metadata.recordedAt.slice(11, 19);
      if (told !== undefined) write(`${time}  ${told}\n`);
    }
  }
};
