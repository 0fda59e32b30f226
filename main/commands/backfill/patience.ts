import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

type Deps = {
  readonly stderr: (text: string) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds before each further try; none when empty. */
  readonly patience?: ReadonlyArray<number>;
};

/** Asks, and asks again where there is no answer. `what` begins the sentence that says so. */
export type Patiently = <Failure extends { readonly code: string; readonly reason: string }, A>(
  what: string,
  ask: TaskEither<Failure, A>,
) => TaskEither<Failure, A>;

const usual = [1000, 5000, 20_000];

/** Waits for one who falls silent in the middle; one who never answered is not waited for. */
export const patiently = ({ stderr, signal, patience = usual }: Deps): Patiently => {
  let hasAnswered = false;
  return (what, ask) => async () => {
    let answer = await ask();
    for (const ms of hasAnswered ? patience : []) {
      if (E.isRight(answer) || signal?.aborted === true) break;
      stderr(`${what}: ${answer.left.reason}. Asking again in ${ms / 1000} s.\n`);
      await pause(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      answer = await ask();
    }
    hasAnswered ||= E.isRight(answer);
    return answer;
  };
};
