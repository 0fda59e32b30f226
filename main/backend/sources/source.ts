import type { Config } from '../../config/settings.ts';
import type { Logger } from '../../logger.ts';
import type { Stores } from '../../open-stores.ts';
import type { Part } from '../faults.ts';

/** What every source of messages is started with. */
export type SourceDeps = {
  readonly config: Config;
  readonly stores: Stores;
  readonly logger: Logger;
};

/** Starts one source, if the configuration names it; it runs until the signal. */
export type StartSource = (deps: SourceDeps, signal: AbortSignal) => ReadonlyArray<Part>;
