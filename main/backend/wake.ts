import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { categoryOf } from '../../domain/stream-names.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import { follow } from '../../event-log/follow.ts';
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

type Watch = {
  readonly log: EventLog;
  readonly wake: (streams: ReadonlyArray<string>) => Promise<void>;
  /** Told what a waking has thrown. */
  readonly onFault: (error: unknown) => void;
  /** Called at every turn of the loop. */
  readonly beat: () => void;
};

const watch = async ({ log, wake, beat }: Watch, signal: AbortSignal): Promise<void> => {
  const head = await log.head()();
  if (E.isLeft(head)) return;
  await follow(log)<never>({
    filter: { categories: watched.flatMap((name) => [name, `dry_${name}`]) },
    load: () => TE.right(head.right),
    handle: ({ events }) =>
      TE.fromTask(async () => {
        if (events.length > 0) await wake([...new Set(events.map(({ stream }) => stream))]);
      }),
    beat,
  })(signal);
};

/** Wakes for what other processes append, until the signal; a log that fails is watched anew. */
export const wakeFromLog = async (deps: Watch, signal: AbortSignal): Promise<void> => {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    deps.beat();
    await watch(deps, signal).catch(deps.onFault);
    await pause(1000, undefined, { signal }).catch(() => undefined);
  }
};
