import * as E from 'fp-ts/lib/Either.js';
import type { Logger } from '../logger.ts';

type Ended = E.Either<{ readonly code: string; readonly reason?: string }, void>;

/** A part that runs until it is told to stop; left, or a throw, when it gave up before. */
export type Part = readonly [name: string, run: Promise<Ended>];

export type Faults = {
  /** What has stopped for good in this process, each as a sentence; empty while all is well. */
  readonly list: () => ReadonlyArray<string>;
  /** Resolves when the part has ended, however it ended. */
  readonly watch: (part: Part) => Promise<void>;
};

/** Keeps account of what has given up in this process, and logs each as fatal. */
export const faultsTold = ({ pino, bug }: Pick<Logger, 'pino' | 'bug'>): Faults => {
  const faults: Array<string> = [];
  const stopped = (part: string, code: string, reason: string): void => {
    const sentence = `${part} has stopped for good (${code}): ${reason} When that is put right, start the service again.`;
    faults.push(sentence);
    pino.fatal({ part, code }, sentence);
  };
  return {
    list: () => [...faults],
    watch: async ([part, run]) => {
      try {
        const ended = await run;
        if (E.isRight(ended)) return;
        const { code, reason = code } = ended.left;
        stopped(part, code, reason);
      } catch (error) {
        bug(error);
        stopped(part, 'bug', String(error));
      }
    },
  };
};
