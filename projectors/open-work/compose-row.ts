import { compose } from '../../domain/compose/compose.ts';
import type { ComposeEvent } from '../../domain/compose/events.ts';
import type { ComposeState } from '../../domain/compose/state.ts';
import { composeIdOf, isOpen } from '../../domain/compose/state.ts';
import { todo } from '../../domain/compose/todo.ts';
import type { WorkRow } from './row.ts';

/** A compose has work until it is released or given up; until then its id in ODCS finds it. */
export const composeRow = (
  body: WorkRow | undefined,
  event: ComposeEvent,
): Pick<WorkRow, 'due' | 'composeId'> & { readonly state: ComposeState } => {
  const before = (body?.state as ComposeState | undefined) ?? compose.initial;
  const state = compose.evolve(before, event);
  const dues = todo(state).map(({ due }) => due ?? '');
  return {
    due: [...dues].sort()[0] ?? null,
    composeId: isOpen(state) ? composeIdOf(state) : null,
    state,
  };
};
