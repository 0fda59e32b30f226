import * as E from 'fp-ts/lib/Either.js';
import type { Config } from '../config/settings.ts';
import type { Stores } from '../open-stores.ts';

/** What one call of catch-up came to: messages looked at, and how many were not on record before. */
export type CaughtUp = { readonly messages: number; readonly missed: number };
export type NotCaughtUp = { readonly code: string; readonly reason: string };

/**
 * Fetches from datagrepper what every source has missed, up to a few seconds ago: right once all
 * of it is on record, whoever of several processes fetched it. Left says why it is not; what was
 * fetched is on record, and the next call goes on from there. `interrupted` when the signal fired.
 */
export type CatchUp = (
  why: 'gap' | 'reconcile',
  signal: AbortSignal,
) => Promise<E.Either<NotCaughtUp, CaughtUp>>;

export type CatchUpDeps = {
  readonly config: Config;
  readonly stores: Pick<Stores, 'log'>;
  /** This process, for as long as it runs. */
  readonly owner: string;
  /** Told in sentences what goes wrong, and what came of it. */
  readonly report: (level: 'info' | 'warn', sentence: string) => void;
};

/** Null where no datagrepper is configured. */
export const catchUpOf = ({ config }: CatchUpDeps): CatchUp | null => {
  if (config.datagrepperUrl === null) return null;
  return () => Promise.resolve(E.left({ code: 'not-yet', reason: 'it is being written' }));
};
