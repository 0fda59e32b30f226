import * as E from 'fp-ts/lib/Either.js';
import { parseNvr, rebuiltNvr, rebuiltRelease } from '../rpm/nvr.ts';
import type { ArtifactRejection } from './commands.ts';
import { current } from './current.ts';
import { hasFailed } from './decide-late.ts';
import { afterFailure } from './decide-progress.ts';
import type { ArtifactEvent } from './events.ts';
import { isAllReady } from './external-states.ts';
import type {
  NoteLateImage,
  PrepareAnew,
  PrepareImage,
  RecordBuilt,
  RecordNoImage,
} from './image-commands.ts';
import { nextStamp } from './image-order.ts';
import type { ArtifactState } from './state.ts';

type Decided = E.Either<ArtifactRejection, ReadonlyArray<ArtifactEvent>>;

const nothing: Decided = E.right([]);

const releaseOf = (nvr: string | null): string | null => {
  const parsed = parseNvr(nvr ?? '');
  return E.isRight(parsed) ? parsed.right.release : null;
};

const rebuiltOf = (nvr: string | null, stamp: number): string | null => {
  const rebuilt = rebuiltNvr(nvr ?? '', stamp);
  return E.isRight(rebuilt) ? rebuilt.right : null;
};

/** Fixes all that an attempt asks for, once, with a release that no attempt before it had. */
export const prepareImage = (command: PrepareImage, state: ArtifactState): Decided => {
  const running = current(state, command);
  if (running?.attempt.commit !== null) return nothing;
  const { build, attempt, order, unixSeconds, at } = command;
  const stamp = nextStamp(state, unixSeconds);
  const release = rebuiltRelease(releaseOf(order.originalNvr), stamp);
  const { repository, commit, source, target, branch, originalNvr, parent } = order;
  const { originalParent, arches, composes } = order;
  return E.right([
    {
      ...{ type: 'ImageBuildPrepared', build, attempt, repository, commit, source, target, branch },
      ...{ release, originalNvr, rebuiltNvr: rebuiltOf(originalNvr, stamp), parent },
      ...{ originalParent, arches, composes, at },
    },
  ]);
};

/** Another attempt, at once and at no cost, in place of one that never called anybody. */
export const prepareAnew = (command: PrepareAnew, state: ArtifactState): Decided => {
  const attempt = current(state, command)?.attempt;
  if (attempt?.commit == null || attempt.intent !== null) return nothing;
  const { build, code, reason, at } = command;
  const next = attempt.attempt + 1;
  return E.right([
    { type: 'BuildRetryScheduled', build, attempt: next, notBefore: at, code, reason },
  ]);
};

/** What came of a closed task; the success itself is concluded afterwards. */
export const recordBuilt = (command: RecordBuilt, state: ArtifactState): Decided => {
  const running = current(state, command);
  if (running?.attempt.nvr !== null || !isAllReady(state, running)) return nothing;
  const { build, attempt, kojiBuildId, nvr, at } = command;
  return E.right([{ type: 'ImageBuilt', build, attempt, kojiBuildId, nvr, at }]);
};

/** A task that was closed without an image has failed like any other. */
export const recordNoImage = (command: RecordNoImage, state: ArtifactState): Decided => {
  const running = current(state, command);
  if (running?.attempt.nvr !== null || !isAllReady(state, running)) return nothing;
  return E.right([afterFailure(command, running)]);
};

/** The image that a build was to become, which had failed, is there: it has succeeded after all. */
export const noteLateImage = ({ nvr, at }: NoteLateImage, state: ArtifactState): Decided => {
  const build = state.ownNvrs[nvr];
  if (build === undefined || !hasFailed(state, build)) return nothing;
  return E.right([{ type: 'BuildRevived', build, nvr, at }]);
};
