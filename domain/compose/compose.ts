import type { Either } from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { ComposeCommand, ComposeRejection } from './commands.ts';
import {
  intend,
  noteRenewed,
  recordFailure,
  recordSubmitted,
  release,
  takeOver,
  want,
} from './decide-call.ts';
import { noteExpired, noteReady, observeCompose } from './decide-progress.ts';
import type { ComposeEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { ComposeState } from './state.ts';
import { initial } from './state.ts';

type Of<Type extends ComposeCommand['type']> = Extract<ComposeCommand, { readonly type: Type }>;
type Table = {
  readonly [Type in ComposeCommand['type']]: (
    command: Of<Type>,
    state: ComposeState,
  ) => Either<ComposeRejection, ReadonlyArray<ComposeEvent>>;
};

const table: Table = {
  Want: want,
  Intend: intend,
  TakeOver: takeOver,
  RecordSubmitted: recordSubmitted,
  RecordFailure: recordFailure,
  ObserveCompose: observeCompose,
  NoteReady: noteReady,
  NoteRenewed: noteRenewed,
  NoteExpired: noteExpired,
  Release: release,
};

/** Everything about the compose of one trigger is decided here, in one stream. */
export const compose: Decider<ComposeCommand, ComposeState, ComposeEvent, ComposeRejection> = {
  initial,
  evolve,
  decide: (command, state) => {
    const decide = table[command.type] as (
      c: ComposeCommand,
      s: ComposeState,
    ) => Either<ComposeRejection, ReadonlyArray<ComposeEvent>>;
    return decide(command, state);
  },
};
