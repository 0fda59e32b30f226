import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import { categoryOf } from '../../domain/stream-names.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { toldBy, waitingFor } from '../../projectors/open-work/ask.ts';
import type { Reader } from '../../projectors/read-models.ts';
import type { SagaName } from '../../sagas/open-work.ts';
import type { Worker } from '../../sagas/worker.ts';

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
  (workers: Workers, index: Reader) =>
  async (streams: ReadonlyArray<string>): Promise<void> => {
    for (const saga of sagas) workers[saga]?.wake(of(streams, saga));
    const awaited = [...of(streams, 'rebuild'), ...of(streams, 'compose')];
    if (awaited.length === 0) return;
    const waiting = await waitingFor(index)(awaited)();
    if (E.isRight(waiting)) workers.rebuild?.wake(waiting.right);
    const told = await toldBy(index)(awaited)();
    if (E.isRight(told)) workers.wave?.wake(told.right);
  };

const watch = async (
  log: EventLog,
  wake: (streams: ReadonlyArray<string>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> => {
  const head = await log.head()();
  if (E.isLeft(head)) return;
  const both = watched.flatMap((name) => [name, `dry_${name}`]);
  for await (const page of log.tail(head.right, { categories: both }, signal)) {
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
