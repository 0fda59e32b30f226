import * as E from 'fp-ts/lib/Either.js';

/** A call of a service outside has ended; `outcome` is `answered`, or the code of the failure. */
export type Called = (call: {
  readonly service: string;
  readonly operation: string;
  readonly outcome: string;
  readonly seconds: number;
}) => void;

type Task = () => Promise<E.Either<{ readonly code: string }, unknown>>;

const isFunction = (value: unknown): value is (...args: ReadonlyArray<unknown>) => unknown =>
  typeof value === 'function';

const timed =
  (task: Task, told: (outcome: string, seconds: number) => void, monotonic: () => number): Task =>
  async () => {
    const began = monotonic();
    const tell = (outcome: string): void => told(outcome, (monotonic() - began) / 1000);
    try {
      const result = await task();
      tell(E.isRight(result) ? 'answered' : result.left.code);
      return result;
    } catch (error) {
      tell('bug');
      throw error;
    }
  };

/**
 * The same port, whose every operation tells how it went and how long it took: the whole operation,
 * with its turn in the queue and all requests that it takes. What answers at once is no call.
 */
export const observed = <Port extends object>(
  service: string,
  port: Port,
  called: Called,
  monotonic: () => number,
): Port => {
  const watched = Object.entries(port).map(([operation, value]) => {
    if (!isFunction(value)) return [operation, value] as const;
    const told = (outcome: string, seconds: number): void =>
      called({ service, operation, outcome, seconds });
    const watch = (...args: ReadonlyArray<unknown>): unknown => {
      const answer = value(...args);
      return isFunction(answer) ? timed(answer as Task, told, monotonic) : answer;
    };
    return [operation, watch] as const;
  });
  return Object.fromEntries(watched) as Port;
};
