/** How far a replay is: messages and bytes done, bytes in all (null where nobody knows). */
export type Progress = {
  readonly messages: number;
  readonly bytes: number;
  readonly totalBytes: number | null;
  readonly seconds: number;
};

/** Seconds in words. */
export const plainDuration = (seconds: number): string => {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

const etaOf = ({ bytes, totalBytes, seconds }: Progress): string => {
  if (totalBytes === null || totalBytes === 0 || bytes === 0) return '';
  const share = Math.min(1, bytes / totalBytes);
  const left = plainDuration((seconds * (1 - share)) / share);
  return `, ${Math.floor(share * 100)} % read, about ${left} left`;
};

/** One line: how many, how fast, how long still. */
export const progressLine = (progress: Progress): string => {
  const { messages, seconds } = progress;
  const rate = seconds > 0 ? Math.round(messages / seconds) : messages;
  return `${messages} messages, ${rate}/s${etaOf(progress)}`;
};

type Screen = {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
};

/** Shows progress: on a terminal one line that is written over, elsewhere a line now and then. */
export const progressOn = (
  { write, isTerminal, clock }: Screen,
  totalBytes: number | null,
): {
  readonly show: (messages: number, bytes: number) => void;
  readonly clear: () => void;
} => {
  const started = clock();
  const every = isTerminal ? 200 : 10_000;
  let shown = started;
  return {
    show: (messages, bytes) => {
      const now = clock();
      if (now - shown < every) return;
      shown = now;
      const line = progressLine({ messages, bytes, totalBytes, seconds: (now - started) / 1000 });
      write(isTerminal ? `\r\u001b[K${line}` : `${line}\n`);
    },
    clear: () => {
      if (isTerminal) write('\r\u001b[K');
    },
  };
};
