import type { Heartbeat } from '../backend/heartbeats.ts';
import type { Family } from './exposition.ts';

/** What a process knows of itself. */
export type Own = {
  readonly version: string;
  /** What has stopped for good or is stuck here, each as a sentence. */
  readonly faults: () => ReadonlyArray<string>;
  readonly heartbeats: () => ReadonlyArray<Heartbeat>;
};

/** The state of this process: its version, its faults, and when each part last turned its loop. */
export const ownFamilies = ({ version, faults, heartbeats }: Own): ReadonlyArray<Family> => [
  {
    ...{ name: 'freshmaker_build_info', type: 'gauge' },
    help: 'The version that runs here; always 1.',
    samples: [{ labels: { version }, value: 1 }],
  },
  {
    ...{ name: 'freshmaker_faults', type: 'gauge' },
    help: 'Parts of this process that have stopped for good or are stuck; /readyz names them.',
    samples: [{ value: faults().length }],
  },
  {
    ...{ name: 'freshmaker_heartbeat_seconds', type: 'gauge' },
    help: 'Since when the loop of a part of this process has not turned.',
    samples: heartbeats().map(({ part, secondsSinceBeat }) => ({
      labels: { part },
      value: secondsSinceBeat,
    })),
  },
];
