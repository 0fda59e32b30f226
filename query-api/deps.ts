import type { FastifyBaseLogger } from 'fastify';
import type { Reader, ReadModels } from '../projectors/read-models.ts';
import type { TellMetrics } from './metrics/route.ts';

/** How far one projection has come; `lag`: events that concern it and are not taken in yet, null where nobody knows. */
export type Progress = {
  readonly model: string;
  readonly position: string | null;
  readonly lag: number | null;
};

/** What the process knows of itself beyond its read models: each reason is a sentence. */
export type Health = {
  readonly reasons: ReadonlyArray<string>;
  /** What an operator should look at though questions can be answered. */
  readonly warnings?: ReadonlyArray<string>;
  readonly projections: ReadonlyArray<Progress>;
};

/** What the process knows of the live sources it is configured for. */
export type Silence = {
  readonly transports: ReadonlyArray<string>;
  /** Since when one is silent (ISO 8601 UTC), null while it speaks; given when it was last recorded. */
  readonly silentSince: (transport: string, recordedAt: string | undefined) => string | null;
};

export type Readers = {
  readonly events: Reader;
  readonly builds: Reader;
  readonly decisions: Reader;
  readonly messages: Reader;
  readonly modules: Reader;
  readonly sources: Reader;
  readonly imageIndex: Reader;
  readonly images: Reader;
  readonly composes: Reader;
  readonly reconciliations: Reader;
};

/** All that the API needs from outside; it reads nothing else. */
export type Deps = {
  readonly readers: Readers;
  /** The mark of what all the readers read; without it no answer is kept. */
  readonly stamp?: ReadModels['stamp'];
  readonly about: { readonly version: string; readonly authBackend: string };
  /** Must not throw; asked by /healthz and /readyz only. */
  readonly health: () => Promise<Health>;
  /** Without it no source is expected to speak. */
  readonly silence?: Silence;
  /** Without it there is no `/metrics`. */
  readonly metrics?: TellMetrics;
  /** Where faults are told; silent without it. */
  readonly logger?: FastifyBaseLogger;
};
