import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../../domain/decider.ts';

/** Given a history, when a command comes, then these events, nothing, or a rejection. */
export const specify =
  <Command, State, Event, Rejection>(decider: Decider<Command, State, Event, Rejection>) =>
  (t: ExecutionContext, ...history: ReadonlyArray<Event>) => ({
    when: (command: Command) => {
      const decided = decider.decide(command, history.reduce(decider.evolve, decider.initial));
      return {
        then: (...events: ReadonlyArray<Event>) => t.deepEqual(decided, E.right(events)),
        thenNothing: () => t.deepEqual(decided, E.right([])),
        thenRejected: (rejection: Rejection) => t.deepEqual(decided, E.left(rejection)),
      };
    },
  });
