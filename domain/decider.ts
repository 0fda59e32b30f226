import type { Either } from 'fp-ts/lib/Either.js';

/** A decision over one stream: pure, total, and deaf to repetition (a command obeyed gives []). */
export type Decider<Command, State, Event, Rejection> = {
  readonly initial: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => Either<Rejection, ReadonlyArray<Event>>;
};
