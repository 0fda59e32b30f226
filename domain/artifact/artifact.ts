import type { Either } from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { ArtifactCommand, ArtifactRejection } from './commands.ts';
import {
  abandon,
  intend,
  prepareCommit,
  recordFailure,
  recordSubmitted,
  takeOver,
} from './decide-attempt.ts';
import { noteParent, startBuild, takeCause } from './decide-causes.ts';
import { concludeSuccess, observeState } from './decide-progress.ts';
import {
  noteLateImage,
  prepareAnew,
  prepareImage,
  recordBuilt,
  recordNoImage,
} from './decide-image.ts';
import { noteLateReady, revive } from './decide-late.ts';
import type { ArtifactEvent } from './events.ts';
import { evolve } from './evolve.ts';
import type { ArtifactState } from './state.ts';
import { initial } from './state.ts';

type Of<Type extends ArtifactCommand['type']> = Extract<ArtifactCommand, { readonly type: Type }>;
type Table = {
  readonly [Type in ArtifactCommand['type']]: (
    command: Of<Type>,
    state: ArtifactState,
  ) => Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;
};

const table: Table = {
  TakeCause: takeCause,
  NoteParent: noteParent,
  Start: startBuild,
  PrepareCommit: prepareCommit,
  PrepareImage: prepareImage,
  PrepareAnew: prepareAnew,
  Abandon: abandon,
  Intend: intend,
  TakeOver: takeOver,
  RecordSubmitted: recordSubmitted,
  RecordFailure: recordFailure,
  ObserveState: observeState,
  RecordBuilt: recordBuilt,
  RecordNoImage: recordNoImage,
  ConcludeSuccess: concludeSuccess,
  NoteLateReady: noteLateReady,
  NoteLateImage: noteLateImage,
  Revive: revive,
};

/** Everything about the rebuilds of one artifact is decided here, in one stream. */
export const artifact: Decider<ArtifactCommand, ArtifactState, ArtifactEvent, ArtifactRejection> = {
  initial,
  evolve,
  decide: (command, state) => {
    const decide = table[command.type] as (
      c: ArtifactCommand,
      s: ArtifactState,
    ) => Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;
    return decide(command, state);
  },
};
