import type { LogFailure } from '../../event-log/event-log.ts';
import type { StoreFailure } from '../../projectors/read-models.ts';

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

/** A store or a build system that cannot be had is 4; everything else that stops a start is wrong use. */
export const exitFor = (code: string): number =>
  stores.has(code) || code.startsWith('mbs-') || code.startsWith('git-')
    ? exit.unreachable
    : exit.usage;
