import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export type BodhiFailure =
  | { readonly code: 'bodhi-unavailable'; readonly reason: string }
  | { readonly code: 'bodhi-missing'; readonly reason: string }
  | { readonly code: 'bodhi-refused'; readonly status: number; readonly reason: string }
  | { readonly code: 'bodhi-unreadable'; readonly reason: string };

export type BodhiUpdate = {
  readonly alias: string;
  readonly status: string;
  /** bugfix, security, newpackage, enhancement; null where Bodhi does not say. */
  readonly type: string | null;
  readonly severity: string | null;
  /** rpm, module, container, flatpak. */
  readonly contentType: string;
  readonly release: { readonly name: string; readonly branch: string | null };
  readonly builds: ReadonlyArray<{ readonly nvr: string; readonly type: string }>;
};

export type Bodhi = {
  /** By alias or update id. */
  readonly update: (alias: string) => TaskEither<BodhiFailure, BodhiUpdate>;
};
