import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Realm } from '../domain/stream-names.ts';
import { messageStream } from '../domain/stream-names.ts';
import type { Hand } from '../event-log/carry-out.ts';
import { appendEvents } from '../event-log/carry-out.ts';
import type { AppendFailure, EventLog, LogFailure, RecordedEvent } from '../event-log/event-log.ts';
import type { Judgement } from './judge.ts';
import { judge } from './judge.ts';
import type { NormalForm } from './normal-form.ts';
import type { Observation, Part } from './observe.ts';
import { observe } from './observe.ts';

/** Who appends, and where the messages come from; `accepted` names the prefixes that are read. */
export type Ingest = Hand & {
  readonly transport: string;
  readonly accepted?: ReadonlyArray<string>;
  /** Called for every message that is on record then, also one that was seen before. */
  readonly heard?: () => void;
};

export type AppendOutcome = 'appended' | 'seen-before';
export type NotAppended = AppendFailure | LogFailure;

// Four slices and their wrapping stay under the 1 MiB an append may hold.
const partsPerAppend = 4;
const attempts = 10;

type Head = { readonly revision: number; readonly hash: string };

/** How far the parts of a body are in the stream: how many count, and where the first stands. */
type Standing = {
  readonly head: Head | undefined;
  readonly done: number;
  readonly firstPart: number;
};

const fresh = (head: Head | undefined): Standing => ({
  head,
  done: 0,
  firstPart: head === undefined ? 0 : head.revision + 1,
});

const says = (recorded: RecordedEvent, part: Part | undefined): boolean =>
  part !== undefined &&
  recorded.data['index'] === part.index &&
  recorded.data['text'] === part.text;

/**
 * Where to go on in a stream that has parts but no message yet: somebody died half-way, or is at it
 * right now. What stands there of this very body counts; other parts are left behind.
 */
const standingAfter = async (
  log: EventLog,
  stream: string,
  last: RecordedEvent,
  parts: ReadonlyArray<Part>,
): Promise<E.Either<LogFailure, Standing>> => {
  const head = { revision: last.revision, hash: last.metadata.hash };
  const index = Number(last.data['index']);
  const firstPart = last.revision - index;
  const standing = await log.readStream(stream, firstPart, index + 1)();
  if (E.isLeft(standing)) return standing;
  const isWhole = standing.right.length === index + 1;
  const isOurs = isWhole && standing.right.every((recorded, at) => says(recorded, parts[at]));
  return E.right(isOurs ? { head, done: index + 1, firstPart } : fresh(head));
};

const appendFrom =
  (ingest: Ingest, stream: string, correlationId: string) =>
  async (
    { parts, closing }: Observation,
    standing: Standing,
  ): Promise<E.Either<AppendFailure, unknown>> => {
    const append = appendEvents(ingest);
    let { head, done } = standing;
    while (done < parts.length) {
      const batch = parts.slice(done, done + partsPerAppend);
      const appended = await append(stream, head, { correlationId }, batch);
      if (E.isLeft(appended)) return appended;
      head = appended.right;
      done += batch.length;
    }
    return append(stream, head, { correlationId }, closing(standing.firstPart));
  };

const appendObservation = async (
  ingest: Ingest,
  stream: string,
  key: string,
  observation: Observation,
): Promise<E.Either<NotAppended, AppendOutcome>> => {
  let standing = fresh(undefined);
  for (let attempt = 1; ; attempt += 1) {
    const appended = await appendFrom(ingest, stream, key)(observation, standing);
    if (E.isRight(appended)) return E.right('appended');
    if (appended.left.code !== 'conflict' || attempt === attempts) return appended;
    const last = await ingest.log.last(stream)();
    if (E.isLeft(last)) return last;
    if (last.right === undefined) continue;
    if (last.right.type !== 'MessageBodyPart') return E.right('seen-before');
    const next = await standingAfter(ingest.log, stream, last.right, observation.parts);
    if (E.isLeft(next)) return next;
    standing = next.right;
  }
};

/** As `appendMessage`, for a caller that has judged the message already. */
export const appendJudged =
  (ingest: Ingest) =>
  (
    message: NormalForm,
    judgement: Judgement,
    realm: Realm,
  ): TaskEither<NotAppended, AppendOutcome> =>
  async () => {
    const observation = observe(message, judgement, ingest.transport);
    const stream = messageStream(realm, message.key);
    const outcome = await appendObservation(ingest, stream, message.key, observation);
    if (E.isRight(outcome)) ingest.heard?.();
    return outcome;
  };

/**
 * Puts a message and what it means on record, once: right when it is durable, `seen-before` when a
 * copy of it (the same key, in the same realm) already was.
 */
export const appendMessage =
  (ingest: Ingest) =>
  (message: NormalForm, realm: Realm): TaskEither<NotAppended, AppendOutcome> =>
    appendJudged(ingest)(message, judge(message, ingest.accepted), realm);
