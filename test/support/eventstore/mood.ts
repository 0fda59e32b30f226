export type Misbehaviour =
  | 'silent before writing'
  | 'silent after writing'
  | 'reset before writing'
  | 'reset after writing'
  | 'not ready';
export type Denial = 'access-denied' | 'unauthenticated';

/** How the stand-in takes the next calls. */
export type Mood = {
  /** For the next append on the batch path, and only it. */
  readonly next: () => Misbehaviour | undefined;
  readonly denial: () => Denial | undefined;
  readonly cut: () => void;
};
