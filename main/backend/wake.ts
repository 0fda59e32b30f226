import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { categoryOf } from '../../domain/stream-names.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { toldBy, waitingFor } from '../../projectors/open-work/ask.ts';
import type { Reader } from '../../projectors/read-models.ts';
import type { SagaName } from '../../sagas/open-work.ts';
import type { Worker } from '../../sagas/worker.ts';
import { followOn } from './follow-on.ts';

/** Every saga's worker. */
export type Workers = { readonly [Saga in SagaName]?: Worker };

/** Whose streams are of which category. */
const categories: Readonly<Record<SagaName, string>> = {
  ...{ pushes: 'branch', wave: 'trigger', rebuild: 'artifact', compose: 'compose' },
  ...{ contents: 'image', signing: 'signing' },
};

/** A build heard of is looked at once and needs no waking, and its stream is long: it is not read. */
const watched = Object.values(categories).filter((name) => name !== categories.contents);

const sagas = Object.keys(categories) as ReadonlyArray<SagaName>;

const of = (streams: ReadonlyArray<string>, saga: SagaName): ReadonlyArray<string> =>
  streams.filter((stream) => categoryOf(stream).replace(/^dry_/u, '') === categories[saga]);

/**
 * Wakes whoever is concerned by what happened in these streams: themselves, the artifacts that wait
 * for an artifact or a compose, the triggers that want to hear of it. An economy: everything is
 * looked at again after a while without it.
 */
export const wakeFor =
  (workers: Workers, index: Reader, report: (reason: string) => void = () => undefined) =>
  async (streams: ReadonlyArray<string>): Promise<void> => {
    for (const saga of sagas) workers[saga]?.wake(of(streams, saga));
    const awaited = [...of(streams, 'rebuild'), ...of(streams, 'compose')];
    if (awaited.length === 0) return;
    const waiting = await waitingFor(index)(awaited)();
    if (E.isRight(waiting)) workers.rebuild?.wake(waiting.right);
    else report(waiting.left.reason);
    const told = await toldBy(index)(awaited)();
    if (E.isRight(told)) workers.wave?.wake(told.right);
    else report(told.left.reason);
  };

type Watch = {
  readonly log: EventLog;
  readonly wake: (streams: ReadonlyArray<string>) => Promise<void>;
  /** Told what a waking has thrown. */
  readonly onFault: (error: unknown) => void;
  /** Called at every turn of the loop. */
  readonly beat: () => void;
};

/**
 * Wakes for what other processes append, until the signal. A log that fails is watched on from where
 * it failed; that it fails is told by those who need it.
 */
export const wakeFromLog = async (deps: Watch, signal: AbortSignal): Promise<void> => {
  const { log, wake, onFault, beat } = deps;
  const isOver = (): boolean => signal.aborted;
  const watch = followOn({
    log,
    filter: { categories: watched.flatMap((name) => [name, `dry_${name}`]) },
    // What a waking throws is a fault of ours, and would be again: everything is looked at in time.
    tell: (events) => wake([...new Set(events.map(({ stream }) => stream))]).catch(onFault),
    beat,
  });
  while (!isOver()) {
    beat();
    await watch(signal).catch(onFault);
    await pause(1000, undefined, { signal }).catch(() => undefined);
  }
};
