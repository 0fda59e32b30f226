import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export type CursorFailure = { readonly code: 'cursor-unavailable'; readonly reason: string };

/** Where a feed was read to. Losing it costs time, not messages: what comes twice is seen before. */
export type Cursor = {
  /** Undefined when none was ever saved. */
  readonly load: () => TaskEither<CursorFailure, string | undefined>;
  readonly save: (cursor: string) => TaskEither<CursorFailure, void>;
};
