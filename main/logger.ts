import type { DestinationStream, Logger as Pino } from 'pino';
import { pino } from 'pino';
import type { ProjectorReport } from '../projectors/run-projector.ts';
import type { Report } from '../sagas/worker.ts';
import type { Config } from './config/settings.ts';
import { monotonic } from './identity.ts';
import type { Failing, Line } from './outages.ts';
import { outagesOf } from './outages.ts';
import { newsOnly } from './repeats.ts';

/** Everything the parts of the service say, as structured lines on standard error. */
export type Logger = {
  readonly pino: Pino;
  readonly saga: Report;
  readonly projector: ProjectorReport;
  readonly feed: (sentence: string) => void;
  /** A fault of ours that was not foreseen. */
  readonly bug: (error: unknown) => void;
  /** Resolves when everything said so far is logged; nothing is looked after from then on. */
  readonly close: () => Promise<void>;
};

/** The message (or order) that everything in a stream started from; undefined where unknown. */
export type CorrelationOf = (stream: string) => Promise<string | undefined>;

type Entry = Omit<Failing, 'level' | 'part'> & { readonly level: 'info' | 'warn' | 'error' };

/** Milliseconds between two looks at what goes on, or is over. */
const every = 10_000;

const nobody: CorrelationOf = () => Promise.resolve(undefined);

const sagaPart = (saga: string): string =>
  saga === 'notice' ? 'The noticing of messages' : `The saga ${saga}`;

/** Milliseconds after which a line goes without its id, and so do those that wait behind it. */
const longestLookUp = 500;

/** Lines that may wait; while more do they go without their ids, so that the queue is short again. */
const mostWaiting = 100;

/** Logs to `log` in the order in which it is told, each line with its correlation id. */
const writerTo = (log: Pino, correlationOf: CorrelationOf) => {
  let queue = Promise.resolve();
  let waiting = 0;
  let isLate = false;
  const idOf = async (stream: string): Promise<string | undefined> => {
    const begun = monotonic();
    const found = await correlationOf(stream);
    isLate = monotonic() - begun > longestLookUp;
    return found;
  };
  const write = async ({ level, fields, sentence }: Line): Promise<void> => {
    const { stream } = fields;
    const isAsked = log.isLevelEnabled(level) && !isLate && waiting <= mostWaiting;
    const correlationId = isAsked && typeof stream === 'string' ? await idOf(stream) : undefined;
    log[level]({ ...fields, ...(correlationId === undefined ? {} : { correlationId }) }, sentence);
    waiting -= 1;
    // Who comes to an empty queue tries again.
    if (waiting === 0) isLate = false;
  };
  return {
    write: (line: Line): void => {
      waiting += 1;
      queue = queue.then(() => write(line));
    },
    written: () => queue,
  };
};

/**
 * The logger of a process. A line about a stream carries the correlation id that `correlationOf`
 * finds; it is asked only for what is logged, and must neither throw nor take long.
 */
export const loggerFor = (
  { logLevel }: Pick<Config, 'logLevel'>,
  correlationOf: CorrelationOf = nobody,
  to: DestinationStream = process.stderr,
): Logger => {
  const log = pino({ level: logLevel, base: { name: 'freshmaker' } }, to);
  const { write, written } = writerTo(log, correlationOf);
  const outages = outagesOf({ monotonic });
  const isNews = newsOnly(monotonic);
  const looking = setInterval(() => outages.look().forEach(write), every);
  looking.unref();
  const tell = (part: string, { level, stream, code, reason }: Entry): void => {
    if (code === 'recovered') {
      outages.recovered(part, stream).forEach(write);
      return;
    }
    const line =
      level === 'info'
        ? { level, fields: { part, code, ...(stream === '' ? {} : { stream }) }, sentence: reason }
        : outages.failed({ part, stream, code, level, reason });
    if (line !== undefined) write(line);
  };
  return {
    pino: log,
    saga: ({ saga, ...entry }) => tell(sagaPart(saga), entry),
    projector: ({ model, ...entry }) => tell(`The read model ${model}`, { ...entry, stream: '' }),
    feed: (sentence) => {
      if (isNews(sentence)) log.warn({ part: 'The feed' }, sentence);
    },
    bug: (error) => log.error({ err: error }, 'A fault of ours; please report it.'),
    close: async () => {
      clearInterval(looking);
      await written();
    },
  };
};
