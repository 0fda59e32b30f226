import * as E from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { Decider } from '../decider.ts';
import type { ReconcileAbandoned, ReconcileCompleted, ReconcileEvent } from './events.ts';
import type { Difference, ReconcileState, Run } from './state.ts';
import { evolve, initial, keyOf } from './state.ts';

type OfRun = { readonly run: number; readonly owner: string };

export type ReconcileCommand =
  | {
      readonly type: 'Begin';
      /** The run to begin: the one after the newest. */
      readonly run: number;
      readonly why: 'schedule' | 'order';
      readonly owner: string;
      readonly patience: number;
      /** ISO. */
      readonly at: string;
    }
  | (OfRun & { readonly type: 'Prolong'; readonly at: string })
  | (OfRun & {
      readonly type: 'TakeOver';
      /** Whom it is taken from, at which pulse: a run that has moved on since is left alone. */
      readonly from: string;
      readonly pulse: number;
      readonly patience: number;
      readonly at: string;
    })
  | (OfRun & { readonly type: 'Note'; readonly differences: ReadonlyArray<Difference> })
  | (OfRun & Omit<ReconcileCompleted, 'type'> & { readonly type: 'Complete' })
  | (OfRun & Omit<t.TypeOf<typeof ReconcileAbandoned>, 'type'> & { readonly type: 'Abandon' });

export type ReconcileRejection =
  /** Another run is under way. */
  | { readonly code: 'under-way'; readonly reason: string }
  /** The run is over, or somebody else's by now: what was found is theirs to find. */
  | { readonly code: 'not-the-owner'; readonly reason: string };

type Of<Type extends ReconcileCommand['type']> = Extract<ReconcileCommand, { readonly type: Type }>;

type Decided = E.Either<ReconcileRejection, ReadonlyArray<ReconcileEvent>>;

const underWay = ({ run, owner }: Run): ReconcileRejection => ({
  code: 'under-way',
  reason: `Run ${run} is under way, by ${owner}.`,
});

const begin = (command: Of<'Begin'>, state: ReconcileState): Decided => {
  const { run, why, owner, patience, at } = command;
  if (state.running !== null) {
    const isThis = state.running.run === run && state.running.owner === owner;
    return isThis ? E.right([]) : E.left(underWay(state.running));
  }
  return E.right(
    run === state.runs + 1 ? [{ type: 'ReconcileBegun', run, why, owner, patience, at }] : [],
  );
};

const notTheOwner = ({ run, owner }: OfRun): Decided =>
  E.left({
    code: 'not-the-owner',
    reason: `Run ${run} is over, or no longer that of ${owner}: whoever took over does it anew.`,
  });

const isOf = ({ running }: ReconcileState, { run, owner }: OfRun): boolean =>
  running?.run === run && running.owner === owner;

const prolong = (command: Of<'Prolong'>, state: ReconcileState): Decided => {
  if (!isOf(state, command)) return notTheOwner(command);
  const { run, owner, at } = command;
  const isNews = at > (state.running?.prolongedAt ?? '');
  return E.right(isNews ? [{ type: 'ReconcileProlonged', run, owner, at }] : []);
};

/** Only where its owner has been silent since it was looked at. */
const takeOver = (command: Of<'TakeOver'>, { running }: ReconcileState): Decided => {
  const { run, owner, from, pulse, patience, at } = command;
  const isSilent = running?.run === run && running.owner === from && running.pulse === pulse;
  if (!isSilent || owner === from) return E.right([]);
  return E.right([{ type: 'ReconcileTakenOver', run, owner, patience, at }]);
};

/** What is on record of this run is not written down twice. */
const note = (command: Of<'Note'>, state: ReconcileState): Decided => {
  if (!isOf(state, command)) return notTheOwner(command);
  const known = new Set(state.running?.noted);
  const news = command.differences.filter((difference) => {
    const isNews = !known.has(keyOf(difference));
    known.add(keyOf(difference));
    return isNews;
  });
  return E.right(
    news.map((one) => ({
      ...{ type: 'DifferenceFound', run: command.run },
      ...{ system: one.system, code: one.code, stream: one.stream },
      ...{ build: one.build, attempt: one.attempt, externalId: one.externalId },
      ...{ subject: one.subject, recorded: one.recorded, found: one.found, action: one.action },
    })),
  );
};

const isOver = ({ running, runs }: ReconcileState, { run }: OfRun): boolean =>
  running === null ? run <= runs : run < running.run;

const complete = (command: Of<'Complete'>, state: ReconcileState): Decided => {
  if (isOver(state, command)) return E.right([]);
  if (!isOf(state, command)) return notTheOwner(command);
  const { run, at, asked, unreachable, differences, left } = command;
  const { missedMessages, newModules, newImages, marks } = command;
  return E.right([
    {
      ...{ type: 'ReconcileCompleted', run, at, asked, unreachable, differences, left },
      ...{ missedMessages, newModules, newImages, marks },
    },
  ]);
};

const abandon = (command: Of<'Abandon'>, state: ReconcileState): Decided => {
  if (isOver(state, command)) return E.right([]);
  if (!isOf(state, command)) return notTheOwner(command);
  const { run, code, reason, at } = command;
  return E.right([{ type: 'ReconcileAbandoned', run, code, reason, at }]);
};

const decide = (command: ReconcileCommand, state: ReconcileState): Decided => {
  switch (command.type) {
    case 'Begin':
      return begin(command, state);
    case 'Prolong':
      return prolong(command, state);
    case 'TakeOver':
      return takeOver(command, state);
    case 'Note':
      return note(command, state);
    case 'Complete':
      return complete(command, state);
    case 'Abandon':
      return abandon(command, state);
  }
};

/** Who compares record and services, what was found, and when that was last done: one at a time. */
export const reconcile: Decider<
  ReconcileCommand,
  ReconcileState,
  ReconcileEvent,
  ReconcileRejection
> = { initial, evolve, decide };
