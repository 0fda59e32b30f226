import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import type { Todo } from '../../domain/artifact/todo.ts';
import { todo } from '../../domain/artifact/todo.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Act, Next } from '../act.ts';
import { idle, sooner, until } from '../act.ts';
import type { RebuildDeps } from './deps.ts';
import { concludeBuild, follow, reviveBuild } from './follow.ts';
import { prepareCommit } from './prepare-commit.ts';
import type { Deadlines } from './settle.ts';
import { intend, settle } from './settle.ts';
import { askParents, start } from './start.ts';
import type { Step } from './tell.ts';

const perform = (
  deps: RebuildDeps,
  deadlines: Deadlines,
  stream: string,
  state: ArtifactState,
  next: Todo,
): Step => {
  switch (next.type) {
    case 'ask-parents':
      return askParents(deps, stream, next.claims);
    case 'start':
      return start(deps, stream, state, next.claims);
    case 'prepare-commit':
      return prepareCommit(deps, stream, state, next.running);
    case 'intend':
      return intend(deps, deadlines, { stream, state, ...next });
    case 'settle':
      return settle(deps, deadlines, { stream, state, ...next });
    case 'follow':
      return follow(deps, stream, state, next.running);
    case 'revive':
      return reviveBuild(deps, stream, state, next.late);
    case 'conclude':
      return concludeBuild(deps, stream, state, next.running);
  }
};

/** Does what is still to be done for one artifact, as its folded stream tells. */
export const carryBuild = (deps: RebuildDeps): Act => {
  const deadlines: Deadlines = new Map();
  return async (stream) => {
    const loaded = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    let soonest: Next = idle;
    for (const next of todo(state)) {
      const wait = until(next.due, deps.hand.now());
      const step =
        wait > 0 ? E.right({ after: wait }) : await perform(deps, deadlines, stream, state, next);
      if (E.isLeft(step)) return step;
      soonest = sooner(soonest, step.right);
    }
    return E.right(soonest);
  };
};
