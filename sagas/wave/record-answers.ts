import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../../domain/json.ts';
import type { Noticed, TriggerCommand, TriggerState } from '../../domain/trigger/trigger.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { WaveDeps } from './deps.ts';

/** One answer of a look-up. `asOf`: the log position an index had seen; empty where none was asked. */
export type Answer = { readonly question: string; readonly answer: Json; readonly asOf: string };
/** An answer that is a list, of any length. */
export type Listed = {
  readonly question: string;
  readonly entries: ReadonlyArray<Json>;
  readonly asOf: string;
};
export type Answers = {
  readonly whole: ReadonlyArray<Answer>;
  readonly lists: ReadonlyArray<Listed>;
};

/** What fits an event with room to spare. */
const entriesPerPart = 2000;
const bytesPerPart = 150_000;
/** What fits one append with room to spare. */
const bytesPerAppend = 800_000;

const sizeOf = (answer: Json): number => Buffer.byteLength(JSON.stringify(answer));

/** A list in parts, none of them too large for an event. */
export const inParts = (entries: ReadonlyArray<Json>): ReadonlyArray<ReadonlyArray<Json>> => {
  const parts: Array<Array<Json>> = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = sizeOf(entry) + 1;
    const part = parts.at(-1);
    const isFull =
      part === undefined || part.length === entriesPerPart || bytes + size > bytesPerPart;
    if (isFull) parts.push([entry]);
    else part.push(entry);
    bytes = isFull ? size : bytes + size;
  }
  return parts;
};

const record = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  lookups: ReadonlyArray<Answer>,
): Promise<E.Either<Hindrance, TriggerState>> => {
  const context = { correlationId: noticed.messageId };
  const command: TriggerCommand = { type: 'RecordLookups', lookups };
  const told = await carryOut(deps.hand, deps.cache)(stream, trigger, context, command);
  return E.map(({ state }: { readonly state: TriggerState }) => state)(told);
};

/** Each part by itself, under names of this run, so that parts of an interrupted run never count. */
const recordLarge = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  { whole, lists }: Answers,
): Promise<E.Either<Hindrance, TriggerState>> => {
  const run = deps.hand.newId();
  const closings: Array<Answer> = [];
  for (const { question, entries, asOf } of lists) {
    const parts = inParts(entries);
    for (const [part, answer] of parts.entries()) {
      const told = await record(deps, stream, noticed, [
        { question: `${question}/${run}/${part}`, answer, asOf },
      ]);
      if (E.isLeft(told)) return told;
    }
    closings.push({ question, answer: { run, parts: parts.length }, asOf });
  }
  return record(deps, stream, noticed, [...whole, ...closings]);
};

/** Puts answers on record, lists in parts; they count once the last append is made. */
export const recordAnswers = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  answers: Answers,
): Promise<E.Either<Hindrance, TriggerState>> => {
  const { whole, lists } = answers;
  const lookups = lists.flatMap(({ question, entries, asOf }): ReadonlyArray<Answer> => {
    const parts = inParts(entries);
    return [
      ...parts.map((answer, part) => ({ question: `${question}/${part}`, answer, asOf })),
      { question, answer: parts.length, asOf },
    ];
  });
  const bytes = [...whole, ...lookups].reduce((sum, { answer }) => sum + sizeOf(answer) + 200, 0);
  if (bytes > bytesPerAppend) return recordLarge(deps, stream, noticed, answers);
  return record(deps, stream, noticed, [...whole, ...lookups]);
};
