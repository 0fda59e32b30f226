import type { Fault, Value } from './value.ts';

/** States of a task, by their numbers in Koji. */
export const TASK_STATES = ['FREE', 'OPEN', 'CLOSED', 'CANCELED', 'ASSIGNED', 'FAILED'] as const;
export const FREE = 0;
export const OPEN = 1;
export const CLOSED = 2;
export const CANCELED = 3;
export const ASSIGNED = 4;
export const FAILED = 5;

export type TaskResult = { readonly value: Value } | { readonly fault: Fault };

/** A buildContainer task as Koji keeps it, and what the sandbox has in mind for it. */
export type Task = {
  readonly id: number;
  /** Source, target and options, as they were sent. */
  readonly request: ReadonlyArray<Value>;
  readonly owner: string;
  readonly state: number;
  /** The states it has been in, in their order. */
  readonly states: ReadonlyArray<number>;
  readonly priority: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly result: TaskResult | null;
  /** When the next thing happens to it; null while nothing will. */
  readonly due: number | null;
  /** It stays OPEN. */
  readonly stuck: boolean;
};

export const hasEnded = ({ state }: Task): boolean =>
  state === CLOSED || state === CANCELED || state === FAILED;
