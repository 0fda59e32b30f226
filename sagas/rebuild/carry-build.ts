import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import type { Todo } from '../../domain/artifact/todo.ts';
import { todo } from '../../domain/artifact/todo.ts';
import { artifactParts } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Act, Next } from '../act.ts';
import { idle, sooner, until } from '../act.ts';
import { reviveModule } from './conclude-module.ts';
import type { Craft } from './crafts.ts';
import { craftsOf } from './crafts.ts';
import type { RebuildDeps } from './deps.ts';
import { askParents, start } from './start.ts';
import type { Step } from './tell.ts';

const perform = (
  deps: RebuildDeps,
  craft: Craft,
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
    case 'prepare-image':
      return craft.prepare(stream, state, next.running);
    case 'intend':
      return craft.intend({ stream, state, ...next });
    case 'settle':
      return craft.settle({ stream, state, ...next });
    case 'follow':
      return craft.follow(stream, state, next.running);
    case 'revive':
      return reviveModule(deps, stream, state, next.late);
    case 'conclude':
      return craft.conclude(stream, state, next.running);
  }
};

/** Does what is still to be done for one artifact, as its folded stream tells. */
export const carryBuild = (deps: RebuildDeps): Act => {
  const crafts = craftsOf(deps);
  return async (stream) => {
    const loaded = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    const craft = crafts[artifactParts(state.artifact).kind];
    let soonest: Next = idle;
    for (const next of todo(state)) {
      const wait = until(next.due, deps.hand.now());
      const step =
        wait > 0 ? E.right({ after: wait }) : await perform(deps, craft, stream, state, next);
      if (E.isLeft(step)) return step;
      soonest = sooner(soonest, step.right);
    }
    return E.right(soonest);
  };
};
