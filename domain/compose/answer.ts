import type { ComposeState } from './state.ts';

/** What the compose's stream says to a claim that waits for it. */
export type ComposeAnswer =
  | { readonly type: 'ready'; readonly composeId: number; readonly repofile: string | null }
  | { readonly type: 'waiting' }
  /** It cannot be had: what waits for it is withdrawn with this code. */
  | { readonly type: 'given-up'; readonly code: 'compose-failed'; readonly reason: string };

/** Total: a compose that nobody asked for yet is waited for. `usableAt` knows whether its life lasts. */
export const composeAnswer = ({ ready, givenUp }: ComposeState): ComposeAnswer => {
  if (ready !== null) {
    return { type: 'ready', composeId: ready.composeId, repofile: ready.repofile };
  }
  if (givenUp === null) return { type: 'waiting' };
  const reason = `${givenUp.code}: ${givenUp.reason}`;
  return { type: 'given-up', code: 'compose-failed', reason };
};
