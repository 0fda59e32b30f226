import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactState, Running } from '../../domain/artifact/state.ts';
import type { ImageStream } from '../../domain/image/holder.ts';
import { targetOf } from '../../domain/image/target-of.ts';
import { compareNvrs } from '../../domain/rpm/nvr.ts';
import type { Hindrance } from '../act.ts';
import type { Composes } from './composes.ts';
import { composesOf } from './composes.ts';
import type { RebuildDeps } from './deps.ts';
import { gitFailed } from './git-failed.ts';
import { newestOf, parentImage } from './parent-image.ts';
import type { Step } from './tell.ts';
import { correlationOf, tellOn } from './tell.ts';

type Facts = {
  readonly namespace: string;
  readonly target: string;
  readonly originalNvr: string | null;
  readonly originalParent: string | null;
  readonly arches: ReadonlyArray<string>;
};

/** The index may be behind our own builds: of the two the newer image is the one rebuilt. */
const originalOf = (own: string | null, indexed: string | undefined): string | null => {
  if (own === null || indexed === undefined) return own ?? indexed ?? null;
  return compareNvrs(own, indexed) > 0 ? own : indexed;
};

const factsOf = (state: ArtifactState, image: ImageStream | undefined): Facts => ({
  namespace: image?.namespace ?? 'container',
  target: image?.target ?? targetOf(state.branch),
  originalNvr: originalOf(newestOf(state), image?.newest.nvr),
  originalParent: image?.newest.parentNvr ?? null,
  arches: image?.newest.arches ?? [],
});

const withoutComposes = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  running: Running,
  composes: Exclude<Composes, { readonly type: 'usable' }>,
): Step => {
  if (composes.type === 'waiting') return E.right({ after: deps.settings.lookAgainEvery });
  const { trigger, code, reason } = composes;
  const { build, triggers, attempt } = running;
  return tellOn(deps, stream, correlationOf(state, triggers), {
    ...{ type: 'Abandon', build, attempt: attempt.attempt, triggers: [trigger], code, reason },
    at: deps.hand.now(),
  });
};

/**
 * Fixes all that this attempt asks Koji for: the head of the image's branch, a release of its own,
 * the parent its claims waited for and the composes of its causes, each usable at this moment.
 */
export const prepareImage = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  running: Running,
): Step => {
  const composes = await composesOf(deps, stream, state, running);
  if (E.isLeft(composes)) return composes;
  if (composes.right.type !== 'usable') {
    return withoutComposes(deps, stream, state, running, composes.right);
  }
  const found = await deps.images.image(state.artifact)();
  if (E.isLeft(found)) return E.left<Hindrance>(found.left);
  const { namespace, ...facts } = factsOf(state, found.right.image);
  const { name, branch } = state;
  const head = await deps.distGit.head(namespace, name, branch)();
  if (E.isLeft(head)) return gitFailed(deps, stream, state, running, head.left);
  const parent = await parentImage(deps, stream, state, running, facts.originalParent);
  if (E.isLeft(parent)) return parent;
  const at = deps.hand.now();
  const { build, triggers, attempt } = running;
  return tellOn(deps, stream, correlationOf(state, triggers), {
    ...{ type: 'PrepareImage', build, attempt: attempt.attempt, at },
    unixSeconds: Math.floor(Date.parse(at) / 1000),
    order: {
      ...{ ...facts, branch, parent: parent.right, composes: composes.right.composes },
      ...{ repository: `${namespace}/${name}`, commit: head.right },
      source: deps.distGit.scmurl(namespace, name, head.right),
    },
  });
};
