import type { ImageOrder } from './state.ts';

type OfAttempt = { readonly build: number; readonly attempt: number };

/** What an attempt is to ask Koji for; the release is given by the artifact's own record. */
export type PrepareImage = OfAttempt & {
  readonly type: 'PrepareImage';
  readonly order: Omit<ImageOrder, 'release' | 'rebuiltNvr' | 'at'>;
  /** The moment in Unix seconds: the release ends in it, or in the next that is free. */
  readonly unixSeconds: number;
  readonly at: string;
};

/** What was prepared can be had no more, and nothing was called yet: another attempt prepares anew. */
export type PrepareAnew = OfAttempt & {
  readonly type: 'PrepareAnew';
  readonly code: string;
  readonly reason: string;
  readonly at: string;
};

/** The attempt's task made this build in Koji. */
export type RecordBuilt = OfAttempt & {
  readonly type: 'RecordBuilt';
  readonly kojiBuildId: number;
  readonly nvr: string;
  readonly at: string;
};

/** The attempt's task is closed, and there is no image of it. `retries`: further tries allowed. */
export type RecordNoImage = OfAttempt & {
  readonly type: 'RecordNoImage';
  readonly code: string;
  readonly reason: string;
  readonly retries: number;
  readonly retryAt: string;
  readonly at: string;
};

/** An image of this NVR is there. */
export type NoteLateImage = {
  readonly type: 'NoteLateImage';
  readonly nvr: string;
  readonly at: string;
};

export type ImageCommand = PrepareImage | PrepareAnew | RecordBuilt | RecordNoImage | NoteLateImage;
