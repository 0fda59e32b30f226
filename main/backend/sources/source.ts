import type { Config } from '../../config/settings.ts';
import type { Logger } from '../../logger.ts';
import type { Stores } from '../../open-stores.ts';
import type { Part } from '../faults.ts';
import type { Heartbeats } from '../heartbeats.ts';

/** What every source of messages is started with. */
export type SourceDeps = {
  readonly config: Config;
  readonly stores: Stores;
  readonly logger: Logger;
  /** Expects the part of this name to beat at every turn of its loop, a minute apart at most. */
  readonly beatOf: Heartbeats['beatOf'];
  /** To be called with the transport for every message that comes, also one seen before. */
  readonly heard: (transport: string) => void;
};

/** Starts one source, if the configuration names it; it runs until the signal. */
export type StartSource = (deps: SourceDeps, signal: AbortSignal) => ReadonlyArray<Part>;
