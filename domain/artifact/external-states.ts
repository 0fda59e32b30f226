import type { ArtifactKind } from '../stream-names.ts';
import { artifactParts } from '../stream-names.ts';
import type { ArtifactState, ExternalRow, Running } from './state.ts';

type Meaning = {
  /** In the order a row goes through them; those that end it stand on one step. */
  readonly steps: ReadonlyArray<ReadonlyArray<number>>;
  readonly good: number;
};

/**
 * What the numbers of a build system mean. MBS: init 0, wait 1, build 2, done 3, failed 4, ready 5.
 * Koji's tasks: free 0, assigned 4, open 1, closed 2, cancelled 3, failed 5.
 */
const meanings: Readonly<Record<ArtifactKind, Meaning>> = {
  module: { steps: [[0], [1], [2], [3], [4, 5]], good: 5 },
  image: { steps: [[0], [4], [1], [2, 3, 5]], good: 2 },
};

const meaningOf = ({ artifact }: ArtifactState): Meaning => meanings[artifactParts(artifact).kind];

/** How far a state is; nothing goes back, and what has ended stays as it ended. */
export const rank = (state: ArtifactState, seen: number): number =>
  meaningOf(state).steps.findIndex((step) => step.includes(seen));

export const isGood = (state: ArtifactState, seen: number): boolean =>
  meaningOf(state).good === seen;

/** True for a state that ends a row. */
export const isOver = (state: ArtifactState, seen: number): boolean =>
  meaningOf(state).steps.at(-1)?.includes(seen) === true;

/** The rows of the running attempt, as far as anything is known of them. */
export const rowsOf = ({ attempt }: Running): ReadonlyArray<ExternalRow | undefined> =>
  attempt.externalIds.map((id) => attempt.rows[String(id)]);

/** True when the build system calls every row of the attempt good. */
export const isAllReady = (state: ArtifactState, running: Running): boolean =>
  running.attempt.externalIds.length > 0 &&
  rowsOf(running).every((row) => row !== undefined && isGood(state, row.state));
