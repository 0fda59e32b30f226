import { plainDuration } from './replay/progress.ts';

type Screen = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
};

/** How far something is: `total` is null where nobody knows; `before`: done by an earlier run. */
export type Far = {
  readonly done: number;
  readonly total: number | null;
  readonly what: string;
  readonly before?: number;
};

/** One line: how many, how fast, how long still. */
export const farLine = ({ done, total, what, before = 0 }: Far, seconds: number): string => {
  const now = done - before;
  const rate = seconds > 0 ? Math.round(now / seconds) : now;
  if (total === null || total === 0 || now <= 0) return `${done} ${what}, ${rate}/s`;
  const left = plainDuration((seconds * Math.max(0, total - done)) / now);
  return `${done} of ${total} ${what}, ${rate}/s, about ${left} left`;
};

/** Shows progress: on a terminal one line that is written over, elsewhere a line now and then. */
export const farOn = ({
  write,
  isTerminal,
  clock,
}: Screen): { readonly show: (far: Far) => void; readonly clear: () => void } => {
  const started = clock();
  let shown = started;
  return {
    show: (far) => {
      const now = clock();
      if (now - shown < (isTerminal ? 200 : 10_000)) return;
      shown = now;
      const line = farLine(far, (now - started) / 1000);
      write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    clear: () => {
      if (isTerminal) write('\r\u001b[K');
    },
  };
};
