import type { Logger as Pino } from 'pino';
import { pino } from 'pino';
import type { ProjectorReport } from '../projectors/run-projector.ts';
import type { Report } from '../sagas/worker.ts';
import type { Config } from './config/settings.ts';

/** Everything the parts of the service say, as structured lines on standard error. */
export type Logger = {
  readonly pino: Pino;
  readonly saga: Report;
  readonly projector: ProjectorReport;
  readonly feed: (sentence: string) => void;
  /** A fault of ours that was not foreseen. */
  readonly bug: (error: unknown) => void;
};

export const loggerFor = ({ logLevel }: Pick<Config, 'logLevel'>): Logger => {
  const log = pino({ level: logLevel, base: { name: 'freshmaker' } }, process.stderr);
  return {
    pino: log,
    saga: ({ level, reason, ...rest }) => log[level](rest, reason),
    projector: ({ level, reason, ...rest }) => log[level](rest, reason),
    feed: (sentence) => log.warn({ part: 'feed' }, sentence),
    bug: (error) => log.error({ err: error }, 'A fault of ours; please report it.'),
  };
};
