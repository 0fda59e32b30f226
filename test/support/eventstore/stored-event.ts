/** One event as the stand-in keeps it; bytes are never looked into, as the server does not. */
export type StoredEvent = {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Ticks of 100 ns, as the server writes them. */
  readonly created: string;
  readonly position: bigint;
};
