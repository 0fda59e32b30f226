import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent } from '../domain/catalogue.ts';
import { decodeRecorded } from '../event-log/carry-out.ts';
import type { EventLog, Page, RecordedEvent } from '../event-log/event-log.ts';
import type { Logger } from './logger.ts';

type Tellers = {
  readonly [Type in DomainEvent['type']]?: (
    event: Extract<DomainEvent, { readonly type: Type }>,
    stream: string,
  ) => string;
};

const counted = (yes: number, no: number, later: number): string =>
  `${yes} yes, ${no} no${later === 0 ? '' : `, ${later} later`}`;

const composes = (ids: ReadonlyArray<number>): string =>
  ids.length === 0 ? '' : `, with compose ${ids.join(', ')}`;

/** What people who look on are told of, one line each. */
const tellers: Tellers = {
  TriggerNoticed: ({ number, reading, rehearsal }) =>
    `event ${number}${rehearsal ? ' (rehearsal)' : ''}: ${reading.kind} ${reading.searchKey}`,
  DecisionsCompleted: ({ number, yes, no, later }) =>
    `event ${number}: decided, ${counted(yes, no, later)}`,
  TriggerConcluded: ({ number, reason }) => `event ${number}: ${reason}`,
  ComposeWanted: ({ number, order }) =>
    `event ${number}: wants a repository of ${order.builds.join(', ')}`,
  ComposeReady: ({ composeId }) => `  compose ${composeId}: ready`,
  ComposeFailed: ({ composeId, reason }) =>
    `  compose ${composeId ?? 'request'}: failed, ${reason}`,
  ComposeGivenUp: ({ reason }, stream) =>
    `  ${stream.replace('-', ' of ')}: cannot be had, ${reason}`,
  BuildPlanned: ({ build, name, branch }, stream) =>
    `  build ${build}: ${stream.includes('-image:') ? 'image' : 'module'} ${name}:${branch} is planned`,
  WaitBlocked: ({ build, parent, code }) => `  build ${build}: waits for ${parent}, ${code}`,
  BuildCanceled: ({ build, reason }) => `  build ${build}: canceled, ${reason}`,
  ImageBuildPrepared: ({ build, release, parent, composes: used }) =>
    `  build ${build}: release ${release}${parent === null ? '' : ` on ${parent}`}${composes(used.map(({ id }) => id))}`,
  BuildSubmitted: ({ build, externalIds }, stream) =>
    `  build ${build}: submitted to ${stream.includes('-image:') ? 'Koji' : 'MBS'} as ${externalIds.join(', ')}`,
  ImageBuilt: ({ build, nvr }) => `  build ${build}: became ${nvr}`,
  BuildSucceeded: ({ build }) => `  build ${build}: succeeded`,
  BuildFailed: ({ build, reason }) => `  build ${build}: failed, ${reason}`,
  BuildRetryScheduled: ({ build, attempt, reason }) =>
    `  build ${build}: attempt ${attempt} follows, ${reason}`,
};

const told = (event: DomainEvent, stream: string): string | undefined => {
  const tell = tellers[event.type] as ((e: DomainEvent, s: string) => string) | undefined;
  return tell?.(event, stream);
};

/** Something that happened, in words for people. */
export type Fact = { readonly line: string; readonly recorded: RecordedEvent };

const factsOf = ({ events }: Page): ReadonlyArray<Fact> =>
  events.flatMap((recorded) => {
    const event = decodeRecorded(recorded);
    const line = E.isLeft(event) ? undefined : told(event.right, recorded.stream);
    return line === undefined ? [] : [{ line, recorded }];
  });

/** Milliseconds before a log that failed is looked at again. */
const again = 1000;

/** Tells what happens from now on until the signal; a log that fails is looked at again. */
export const narrateFacts = async (
  log: Pick<EventLog, 'head' | 'tail'>,
  tell: (fact: Fact) => void,
  signal: AbortSignal,
): Promise<void> => {
  const isOver = (): boolean => signal.aborted;
  let after: string | undefined;
  const look = async (): Promise<void> => {
    const head = after === undefined ? await log.head()() : E.right(after);
    if (E.isLeft(head)) return;
    after = head.right;
    for await (const page of log.tail(after, {}, signal)) {
      factsOf(page).forEach(tell);
      after = page.upTo;
    }
  };
  while (!isOver()) {
    // That the log fails is told by those who need it.
    await look().catch(() => undefined);
    if (!isOver()) await pause(again, undefined, { signal }).catch(() => undefined);
  }
};

/** Tells people who look on what happens, one line each, from now until the signal. */
export const narrate = (
  log: Pick<EventLog, 'head' | 'tail'>,
  write: (line: string) => void,
  signal: AbortSignal,
): Promise<void> =>
  narrateFacts(
    log,
    ({ line, recorded }) => write(`${recorded.metadata.recordedAt.slice(11, 19)}  ${line}\n`),
    signal,
  );

/** Logs the same facts as lines of JSON, for those who collect logs. */
export const narrateAsJson = (
  log: Pick<EventLog, 'head' | 'tail'>,
  pino: Pick<Logger['pino'], 'info'>,
  signal: AbortSignal,
): Promise<void> =>
  narrateFacts(
    log,
    ({ line, recorded }) => {
      const { stream, revision, position, type: event, metadata } = recorded;
      const { correlationId, recordedAt } = metadata;
      const fields = { part: 'The record', correlationId, stream, revision, position };
      pino.info({ ...fields, event, recordedAt }, line.trim());
    },
    signal,
  );
