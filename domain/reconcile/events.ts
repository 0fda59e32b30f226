import * as t from 'io-ts';
import { Count, textOrNull } from '../codec.ts';
import type { Realm } from '../stream-names.ts';
import { actions, differenceCodes, questions, systems } from './vocabulary.ts';

/** One of some words. */
const word = <Word extends string>(words: ReadonlyArray<Word>, name: string) =>
  t.keyof(Object.fromEntries(words.map((each) => [each, null])) as Record<Word, null>, name);

const Asked = t.strict(
  {
    question: word(questions, 'question'),
    /** Things compared: builds, rows, tasks, composes; of messages, those the archive had. */
    count: Count,
  },
  'asked',
);
const Unreachable = t.strict(
  { question: word(questions, 'question'), code: t.string, reason: t.string },
  'unreachable',
);
const countOrNull = t.union([Count, t.null], 'count or null');

/**
 * Up to where each list of a service was compared: ISO by our clock (MBS, Koji), an id (ODCS). Null
 * where that was never done.
 */
export const Marks = t.strict(
  {
    readyModules: textOrNull,
    finishedImages: textOrNull,
    ownTasks: textOrNull,
    ownComposes: countOrNull,
  },
  'marks',
);
export type Marks = t.TypeOf<typeof Marks>;

/**
 * `owner` (a process) compares now; it lets the others know of it at least every `patience` ms, else
 * one of them takes over.
 */
export const ReconcileBegun = t.strict(
  {
    type: t.literal('ReconcileBegun'),
    run: Count,
    why: word(['schedule', 'order'], 'why'),
    owner: t.string,
    patience: Count,
    at: t.string,
  },
  'ReconcileBegun',
);

/** The owner is still at it. */
export const ReconcileProlonged = t.strict(
  { type: t.literal('ReconcileProlonged'), run: Count, owner: t.string, at: t.string },
  'ReconcileProlonged',
);

/** Its owner fell silent: another process does the run anew. */
export const ReconcileTakenOver = t.strict(
  {
    type: t.literal('ReconcileTakenOver'),
    run: Count,
    owner: t.string,
    patience: Count,
    at: t.string,
  },
  'ReconcileTakenOver',
);

/** Record and service differ. `recorded` and `found` are in words; null is nothing at all. */
export const DifferenceFound = t.strict(
  {
    type: t.literal('DifferenceFound'),
    run: Count,
    system: word(systems, 'system'),
    code: word(differenceCodes, 'code'),
    /** The stream that tells of it; null where none does. */
    stream: textOrNull,
    build: countOrNull,
    attempt: countOrNull,
    /** What the service calls it: id of a row, task, build or compose. */
    externalId: countOrNull,
    /** What it is, for people: `nodejs:20`, an NVR, a source. */
    subject: t.string,
    recorded: textOrNull,
    found: textOrNull,
    action: word(actions, 'action'),
  },
  'DifferenceFound',
);
export type DifferenceFound = t.TypeOf<typeof DifferenceFound>;

/** Everything that could be asked was compared. What could not is named in `unreachable`. */
export const ReconcileCompleted = t.strict(
  {
    type: t.literal('ReconcileCompleted'),
    run: Count,
    at: t.string,
    asked: t.readonlyArray(Asked),
    unreachable: t.readonlyArray(Unreachable),
    differences: Count,
    /** Differences beyond what one run writes down; the next one finds them. */
    left: Count,
    missedMessages: Count,
    newModules: Count,
    newImages: Count,
    marks: Marks,
  },
  'ReconcileCompleted',
);
export type ReconcileCompleted = t.TypeOf<typeof ReconcileCompleted>;

/** The run came to nothing; the next one begins anew. */
export const ReconcileAbandoned = t.strict(
  {
    type: t.literal('ReconcileAbandoned'),
    run: Count,
    code: t.string,
    reason: t.string,
    at: t.string,
  },
  'ReconcileAbandoned',
);

export const ReconcileEvent = t.union([
  ReconcileBegun,
  ReconcileProlonged,
  ReconcileTakenOver,
  DifferenceFound,
  ReconcileCompleted,
  ReconcileAbandoned,
]);
export type ReconcileEvent = t.TypeOf<typeof ReconcileEvent>;

/** There is one such stream a realm: a rehearsal asks no service, and must not stand for a real run. */
export const reconcileStream = (realm: Realm): string =>
  realm === 'real' ? 'reconcile' : 'dry_reconcile';
