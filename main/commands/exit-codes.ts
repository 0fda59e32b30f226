import type { AppendFailure, LogFailure } from '../../event-log/event-log.ts';
import type { StoreFailure } from '../../projectors/read-models.ts';
import type { ListenFailure } from '../listen.ts';

/** What the command line ends with; docs/events.md tells what each means. */
export const exit = {
  done: 0,
  /** A build failed, or the record is broken. */
  failed: 1,
  /** Wrong use: an option, a file or a configuration that cannot be used. */
  usage: 2,
  /** The log, the service or a build system could not be reached. */
  unreachable: 4,
  interrupted: 130,
} as const;

const stores: ReadonlySet<string> = new Set<LogFailure['code'] | StoreFailure['code']>([
  'unavailable',
  'access-denied',
  'closed',
  'locked',
  'corrupt',
  'disk-full',
  'store-unavailable',
  'store-locked',
  'fenced',
  'foreign-checkpoint',
]);

/** What another try may well not meet again: an answer that was lost, or others who were faster. */
const passing: ReadonlySet<string> = new Set<AppendFailure['code'] | ListenFailure['code']>([
  'outcome-unknown',
  'conflict',
  'cannot-listen',
]);

/**
 * 4 for a store or a build system that cannot be had and for what passes: whoever watches the process
 * starts it again. Everything else that stops a start is wrong use.
 */
export const exitFor = (code: string): number =>
  stores.has(code) || passing.has(code) || code.startsWith('mbs-') || code.startsWith('git-')
    ? exit.unreachable
    : exit.usage;
