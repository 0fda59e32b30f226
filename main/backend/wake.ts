import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { categoryOf } from '../../domain/stream-names.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { toldBy, waitingFor } from '../../projectors/open-work/ask.ts';
import type { Reader } from '../../projectors/read-models.ts';
import type { Worker } from '../../sagas/worker.ts';

export type Workers = {
  readonly pushes: Worker;
  readonly wave: Worker;
  readonly rebuild: Worker;
};

const of = (streams: ReadonlyArray<string>, kind: string): ReadonlyArray<string> =>
  streams.filter((stream) => categoryOf(stream).endsWith(kind));

/**
 * Wakes whoever is concerned by what happened in these streams: themselves, the artifacts that wait
 * for an artifact, the triggers that want to hear of it. An economy: everything is looked at again
 * after a while without it.
 */
export const wakeFor =
  (workers: Workers, index: Reader) =>
  async (streams: ReadonlyArray<string>): Promise<void> => {
    workers.pushes.wake(of(streams, 'branch'));
    workers.wave.wake(of(streams, 'trigger'));
    const artifacts = of(streams, 'artifact');
    if (artifacts.length === 0) return;
    workers.rebuild.wake(artifacts);
    const waiting = await waitingFor(index)(artifacts)();
    if (E.isRight(waiting)) workers.rebuild.wake(waiting.right);
    const told = await toldBy(index)(artifacts)();
    if (E.isRight(told)) workers.wave.wake(told.right);
  };

const watch = async (
  log: EventLog,
  wake: (streams: ReadonlyArray<string>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const head = await log.head()();
  if (E.isLeft(head)) return;
  const categories = ['branch', 'trigger', 'artifact'].flatMap((name) => [name, `dry_${name}`]);
  for await (const page of log.tail(head.right, { categories }, signal)) {
    await wake([...new Set(page.events.map(({ stream }) => stream))]);
  }
};

/** Wakes for what other processes append, until the signal; a log that fails is watched anew. */
export const wakeFromLog = async (
  log: EventLog,
  wake: (streams: ReadonlyArray<string>) => Promise<void>,
  onFault: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> => {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    await watch(log, wake, signal).catch(onFault);
    await pause(1000, undefined, { signal }).catch(() => undefined);
  }
};
