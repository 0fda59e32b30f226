import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type {
  Abandon,
  Advance,
  CatchUpCommand,
  CatchUpRejection,
  Claim,
  Complete,
} from './commands.ts';
import type { CatchUpEvent } from './events.ts';
import type { CatchUpState, Progress, Run } from './state.ts';
import { evolve, initial } from './state.ts';

type Decided = E.Either<CatchUpRejection, ReadonlyArray<CatchUpEvent>>;

const nothing: Decided = E.right([]);

const goOn = (command: Claim, running: Run): Decided => {
  const { owner, now, deadline } = command;
  const { run } = running;
  if (running.deadline <= now) {
    return E.right([{ type: 'CatchUpTakenOver', run, owner, deadline }]);
  }
  if (running.owner === owner) return nothing;
  const reason = `${running.owner} is fetching what was sent from ${running.from} to ${running.to}; it counts as alive until ${running.deadline}`;
  return E.left({ code: 'under-way', owner: running.owner, deadline: running.deadline, reason });
};

/** What was begun is brought to its end before anything else is begun. */
const claim = (command: Claim, state: CatchUpState): Decided => {
  if (state.running !== null) return goOn(command, state.running);
  if (command.coveredTo !== state.coveredTo) {
    const reason = `what was sent up to ${state.coveredTo ?? 'no time at all'} is fetched, not up to ${command.coveredTo ?? 'no time at all'}: the window is to be reckoned anew`;
    return E.left({ code: 'outdated', reason });
  }
  const { window, owner, deadline, why, by } = command;
  const { from, to, leftOutFrom } = window;
  const run = state.runs + 1;
  return E.right([{ type: 'CatchUpBegun', run, owner, deadline, why, from, to, leftOutFrom, by }]);
};

/** Of a run that is over there is nothing more to say. */
const whileMine = (
  { run, owner }: Pick<Advance, 'run' | 'owner'>,
  { running }: CatchUpState,
  decided: (running: Run) => ReadonlyArray<CatchUpEvent>,
): Decided => {
  if (running?.run === run && running.owner === owner) return E.right(decided(running));
  if (running?.run !== run) return nothing;
  const reason = `${running.owner} has taken the catch-up over, since ${owner} made no progress in time`;
  return E.left({ code: 'not-the-owner', reason });
};

const isSame = (one: Progress | null, other: Progress): boolean =>
  one?.partFrom === other.partFrom &&
  one.page === other.page &&
  one.pages === other.pages &&
  one.messages === other.messages &&
  one.missed === other.missed;

const advance = (command: Advance, state: CatchUpState): Decided =>
  whileMine(command, state, (running) => {
    const { run, owner, deadline, progress } = command;
    if (running.deadline === deadline && isSame(running.progress, progress)) return [];
    const { partFrom, partTo, page, pages, messages, missed } = progress;
    const part = { partFrom, partTo, page, pages };
    return [{ type: 'CatchUpAdvanced', run, owner, deadline, ...part, messages, missed }];
  });

const complete = (command: Complete, state: CatchUpState): Decided =>
  whileMine(command, state, () => {
    const { run, messages, missed } = command;
    return [{ type: 'CatchUpCompleted', run, messages, missed, seenBefore: messages - missed }];
  });

const abandon = (command: Abandon, state: CatchUpState): Decided =>
  whileMine(command, state, () => {
    const { run, code, reason } = command;
    return [{ type: 'CatchUpAbandoned', run, code, reason }];
  });

const decide = (command: CatchUpCommand, state: CatchUpState): Decided => {
  switch (command.type) {
    case 'Claim':
      return claim(command, state);
    case 'Advance':
      return advance(command, state);
    case 'Complete':
      return complete(command, state);
    case 'Abandon':
      return abandon(command, state);
  }
};

/**
 * Which messages are fetched from datagrepper, by whom, and how far that is. Of several processes
 * one does it; one that makes no progress until its deadline is taken over from where it was.
 */
export const catchUp: Decider<CatchUpCommand, CatchUpState, CatchUpEvent, CatchUpRejection> = {
  initial,
  evolve,
  decide,
};
