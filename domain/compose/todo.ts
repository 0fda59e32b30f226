import type { ComposeState, Intent, Live, Ready } from './state.ts';
import { isOpen } from './state.ts';

/** One thing that is still to be done for a compose; `due` (ISO) is null for at once. */
export type Todo = { readonly due: string | null } & (
  | { readonly type: 'intend'; readonly live: Live }
  | { readonly type: 'settle'; readonly live: Live; readonly intent: Intent }
  | { readonly type: 'follow'; readonly live: Live; readonly composeId: number }
  /** Look whether it is still there, and renew it in time. */
  | { readonly type: 'keep'; readonly ready: Ready }
);

const ofLive = (live: Live): Todo => {
  const { intent, composeId, notBefore } = live;
  if (composeId !== null) return { type: 'follow', live, composeId, due: null };
  if (intent !== null) return { type: 'settle', live, intent, due: null };
  return { type: 'intend', live, due: notBefore };
};

/** What is still to do, from folded state alone; nothing once it is released or given up. */
export const todo = (state: ComposeState): ReadonlyArray<Todo> => {
  if (!isOpen(state)) return [];
  const { live, ready } = state;
  return [
    ...(live === null ? [] : [ofLive(live)]),
    ...(ready === null ? [] : [{ type: 'keep', ready, due: null } as const]),
  ];
};
