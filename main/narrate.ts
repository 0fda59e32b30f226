import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent } from '../domain/catalogue.ts';
import { decodeRecorded } from '../event-log/carry-out.ts';
import type { EventLog } from '../event-log/event-log.ts';

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
      const line = E.isLeft(event) ? undefined : told(event.right, recorded.stream);
      const time = recorded.metadata.recordedAt.slice(11, 19);
      if (line !== undefined) write(`${time}  ${line}\n`);
    }
  }
};
