import type { Position } from '@eventstore/db-client';

const pad = (value: bigint): string => value.toString().padStart(20, '0');
const written = /^(\d{20})-(\d{20})$/;

/** A place in the server's log as text that sorts as the place does: commit, dash, prepare. */
export const textOf = ({ commit, prepare }: Position): string => `${pad(commit)}-${pad(prepare)}`;

/** The place a text of ours names; undefined where it is none, the start included. */
export const placeOf = (position: string): Position | undefined => {
  const [, commit, prepare] = written.exec(position) ?? [];
  return commit === undefined || prepare === undefined
    ? undefined
    : { commit: BigInt(commit), prepare: BigInt(prepare) };
};
