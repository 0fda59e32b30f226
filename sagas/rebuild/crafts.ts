import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactState, Running } from '../../domain/artifact/state.ts';
import type { ArtifactKind } from '../../domain/stream-names.ts';
import { goneCompose } from './composes.ts';
import type { Waits } from './conclude-image.ts';
import { concludeImage } from './conclude-image.ts';
import { concludeModule } from './conclude-module.ts';
import type { RebuildDeps } from './deps.ts';
import { follow, lookAtRow, lookAtTask } from './follow.ts';
import { noteKnownImage } from './late-image.ts';
import { prepareCommit } from './prepare-commit.ts';
import { prepareImage } from './prepare-image.ts';
import type { Deadlines } from './settle.ts';
import { intend, settle } from './settle.ts';
import { imageSubmitter } from './submit-image.ts';
import { moduleSubmitter } from './submit-module.ts';
import type { Submission } from './submitter.ts';
import type { Step } from './tell.ts';
import { correlationOf, tellOn } from './tell.ts';

type OnRunning = (stream: string, state: ArtifactState, running: Running) => Step;

/** How one kind of artifact is built, step by step. */
export type Craft = {
  readonly prepare: OnRunning;
  readonly intend: (submission: Omit<Submission, 'intent'>) => Step;
  readonly settle: (submission: Submission) => Step;
  readonly follow: OnRunning;
  readonly conclude: OnRunning;
};

const moduleCraft = (deps: RebuildDeps, deadlines: Deadlines): Craft => {
  const submitter = moduleSubmitter(deps);
  return {
    prepare: (...of) => prepareCommit(deps, ...of),
    intend: (submission) => intend(deps, submitter, deadlines, submission),
    settle: (submission) => settle(deps, submitter, deadlines, submission),
    follow: (...of) => follow(deps, lookAtRow(deps), ...of),
    conclude: (...of) => concludeModule(deps, ...of),
  };
};

const imageCraft = (deps: RebuildDeps, deadlines: Deadlines): Craft => {
  const submitter = imageSubmitter(deps);
  const waits: Waits = new Map();
  return {
    prepare: (...of) => prepareImage(deps, ...of),
    intend: async (submission) => {
      const { stream, state, running } = submission;
      const gone = await goneCompose(deps, stream, running);
      if (E.isLeft(gone)) return gone;
      if (gone.right === undefined) return intend(deps, submitter, deadlines, submission);
      const { build, triggers, attempt } = running;
      const reason = `Compose ${gone.right.id} is no longer there or was asked for anew.`;
      return tellOn(deps, stream, correlationOf(state, triggers), {
        ...{ type: 'PrepareAnew', build, attempt: attempt.attempt, code: 'compose-expired' },
        ...{ reason, at: deps.hand.now() },
      });
    },
    settle: (submission) => settle(deps, submitter, deadlines, submission),
    follow: async (stream, state, running) => {
      const followed = await follow(deps, lookAtTask(deps), stream, state, running);
      if (E.isLeft(followed)) return followed;
      const noted = await noteKnownImage(deps, stream, running.build);
      return E.isLeft(noted) ? noted : followed;
    },
    conclude: (...of) => concludeImage(deps, waits, ...of),
  };
};

/** Builds of every kind; what this process knows of calls under way is kept in here. */
export const craftsOf = (deps: RebuildDeps): Readonly<Record<ArtifactKind, Craft>> => {
  const deadlines: Deadlines = new Map();
  return { module: moduleCraft(deps, deadlines), image: imageCraft(deps, deadlines) };
};
