import type { Metadata } from '@grpc/grpc-js';

export type Misbehaviour =
  | 'silent before writing'
  | 'silent after writing'
  | 'reset before writing'
  | 'reset after writing'
  | 'not ready';
export type Denial = 'access-denied' | 'unauthenticated';
export type Asked = 'append' | 'stream' | 'all';
export type Endpoint = { readonly address: string; readonly port: number };

/** How a server of the stand-in takes the next calls. */
export type Mood = {
  /** For the next append on the batch path, and only it. */
  readonly next: () => Misbehaviour | undefined;
  /** What whoever sends this metadata is told when it asks for that. */
  readonly denial: (given: Metadata, asked: Asked) => Denial | undefined;
  readonly cut: () => void;
  /** False while a cluster has no leader: nothing is written then. */
  readonly isReady: () => boolean;
  /** By how many milliseconds its clock is ahead. */
  readonly clockAhead: () => number;
  /** The leader, where it is another node. */
  readonly leader: () => Endpoint | undefined;
};
