import * as E from 'fp-ts/lib/Either.js';
import { compose } from '../../domain/compose/compose.ts';
import type { WantedCompose } from '../../domain/compose/events.ts';
import type { Todo } from '../../domain/compose/todo.ts';
import { todo } from '../../domain/compose/todo.ts';
import { realmOf } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Act, Next } from '../act.ts';
import { idle, sooner, until } from '../act.ts';
import type { ComposeDeps } from './deps.ts';
import { follow } from './follow.ts';
import { keep } from './keep.ts';
import type { Deadlines } from './settle.ts';
import { intend, settle } from './settle.ts';
import type { Step, Work } from './tell.ts';

const perform = (
  deps: ComposeDeps,
  deadlines: Deadlines,
  work: Work & { readonly order: WantedCompose },
  next: Todo,
): Step => {
  switch (next.type) {
    case 'intend': {
      const { attempt, renews } = next.live;
      return intend(deps, deadlines, { ...work, attempt, renews });
    }
    case 'settle':
      return settle(deps, deadlines, { ...work, live: next.live, intent: next.intent });
    case 'follow':
      return follow(deps, work, next.composeId);
    case 'keep':
      return keep(deps, deadlines, work, next.ready);
  }
};

/**
 * Gets the compose of one trigger and keeps it for as long as it is needed, as its folded stream
 * tells. In a rehearsal nothing outside is called.
 */
export const carryCompose = (deps: ComposeDeps): Act => {
  const deadlines: Deadlines = new Map();
  return async (stream) => {
    if (realmOf(stream) === 'rehearsal') return E.right(idle);
    const loaded = await loadStream(deps.hand.log, deps.cache)(stream, compose);
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    const { order } = state;
    if (order === null) return E.right(idle);
    if (state.live?.intent == null) deadlines.delete(stream);
    let soonest: Next = idle;
    for (const next of todo(state)) {
      const wait = until(next.due, deps.hand.now());
      const work = { stream, state, order };
      const step = wait > 0 ? E.right({ after: wait }) : await perform(deps, deadlines, work, next);
      if (E.isLeft(step)) return step;
      soonest = sooner(soonest, step.right);
    }
    return E.right(soonest);
  };
};
