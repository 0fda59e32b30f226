import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type {
  Abandon,
  Advance,
  Cancel,
  CatchUpCommand,
  CatchUpRejection,
  Claim,
  Complete,
} from './commands.ts';
import type { CatchUpEvent } from './events.ts';
import { coveredTo } from './coverage.ts';
import type { CatchUpState, Progress, Run } from './state.ts';
import { evolve, initial, laneOf, laneRunning } from './state.ts';

type Decided = E.Either<CatchUpRejection, ReadonlyArray<CatchUpEvent>>;

const nothing: Decided = E.right([]);

const underWay = ({ owner, from, to, deadline }: Run, advice = ''): Decided => {
  const reason = `${owner} is fetching what was sent from ${from} to ${to}; it counts as alive until ${deadline}${advice}`;
  return E.left({ code: 'under-way', owner, deadline, reason });
};

const goOn = (command: Claim, running: Run): Decided => {
  const { owner, now, deadline } = command;
  const { run } = running;
  if (running.deadline <= now) {
    return E.right([{ type: 'CatchUpTakenOver', run, owner, deadline }]);
  }
  if (running.owner === owner) return nothing;
  return underWay(running);
};

/** What was begun is brought to its end before anything else of its kind is begun. */
const claim = (command: Claim, state: CatchUpState): Decided => {
  const { running } = state[laneOf(command.why)];
  if (running !== null) return goOn(command, running);
  const end = coveredTo(state.covered, command.topics);
  if (command.coveredTo !== end) {
    const reason = `what was sent up to ${end ?? 'no time at all'} is fetched, not up to ${command.coveredTo ?? 'no time at all'}: the window is to be reckoned anew`;
    return E.left({ code: 'outdated', reason });
  }
  const { window, owner, deadline, why, topics, by } = command;
  const { from, to, leftOutFrom } = window;
  const asked = { why, from, to, topics, leftOutFrom, by };
  return E.right([{ type: 'CatchUpBegun', run: state.runs + 1, owner, deadline, ...asked }]);
};

/** Of a run that is over there is nothing more to say. */
const whileMine = (
  { run, owner }: Pick<Advance, 'run' | 'owner'>,
  state: CatchUpState,
  decided: (running: Run) => ReadonlyArray<CatchUpEvent>,
): Decided => {
  const lane = laneRunning(state, run);
  const running = lane && state[lane].running;
  if (running == null) return nothing;
  if (running.owner === owner) return E.right(decided(running));
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

const cancel = ({ by, now }: Cancel, { ordered: { running } }: CatchUpState): Decided => {
  if (running === null) return nothing;
  if (running.deadline > now) return underWay(running, '; interrupt it there, and cancel it then');
  const { run, from, to } = running;
  const reason = `${by} cancelled what was ordered: what was sent from ${from} to ${to}`;
  return E.right([{ type: 'CatchUpAbandoned', run, code: 'cancelled', reason }]);
};

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
    case 'Cancel':
      return cancel(command, state);
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
