import * as E from 'fp-ts/lib/Either.js';
import { fromEvent, interval, lastValueFrom, merge, Subject } from 'rxjs';
import { defaultIfEmpty, exhaustMap, startWith, takeUntil } from 'rxjs/operators';
import type { Act, Hindrance } from './act.ts';
import type { OpenWork, SagaName } from './open-work.ts';

/** What went wrong; or, with the code `recovered`, that what went wrong before goes on again. */
export type Report = (entry: {
  readonly level: 'info' | 'warn' | 'error';
  readonly saga: string;
  readonly stream: string;
  readonly code: string;
  readonly reason: string;
}) => void;

export type WorkerDeps = {
  readonly saga: SagaName;
  readonly openWork: OpenWork;
  readonly act: Act;
  /** ISO. */
  readonly now: () => string;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
  /** Streams that are looked at at once, side by side. */
  readonly concurrency: number;
  readonly longestBackOff: number;
  readonly report: Report;
  /** Called whenever it looks for work, however long the work under way takes. */
  readonly beat?: () => void;
};

export type Worker = {
  /** Something happened to these streams: look at them now, whatever was said before. */
  readonly wake: (streams: ReadonlyArray<string>) => void;
  /** Runs until the signal; work under way is finished. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

const pause = 250;
const pageSize = 1000;
/** What waits for nothing but a waking is looked at again after this long all the same: milliseconds. */
const seldom = 600_000;

/** Spread, so that what was put off at once is not looked at at once. */
const seldomFor = (stream: string): number => {
  let sum = 0;
  for (let index = 0; index < stream.length; index += 1) {
    sum = (sum * 31 + stream.charCodeAt(index)) % 1000;
  }
  return seldom * (0.5 + sum / 2000);
};

/**
 * Finds due streams in the index and acts on each, one at a time per stream. What it remembers (when
 * to look again) is an economy only: a new process looks at everything once.
 */
export const worker = (deps: WorkerDeps): Worker => {
  const { saga, openWork, act, now, monotonic, concurrency, report } = deps;
  const notBefore = new Map<string, number>();
  const failures = new Map<string, number>();
  /** What was said of unknown events. */
  const told = new Set<string>();
  const busy = new Set<string>();
  const woken = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const awake = new Subject<void>();
  /** The index could not be asked when it was asked last. */
  let isBlind = false;
  let forgotten = monotonic();

  const isDue = (stream: string): boolean =>
    !busy.has(stream) && (notBefore.get(stream) ?? 0) <= monotonic();

  const backOff = (stream: string): number => {
    const count = (failures.get(stream) ?? 0) + 1;
    failures.set(stream, count);
    return Math.min(deps.longestBackOff, 500 * 2 ** Math.min(count, 16));
  };

  /** Only a newer version of the code gets past an unknown event: told once, and looked at rarely. */
  const leaveAlone = (stream: string, reason: string): void => {
    const advice = 'Until then what needs it is left alone; all else goes on.';
    if (!told.has(reason)) {
      report({
        level: 'error',
        saga,
        stream,
        code: 'unknown-event',
        reason: `${reason} ${advice}`,
      });
    }
    told.add(reason);
    failures.set(stream, (failures.get(stream) ?? 0) + 1);
    notBefore.set(stream, monotonic() + deps.longestBackOff);
  };

  const hindered = (stream: string, { code, reason = code }: Hindrance): void => {
    if (code === 'unknown-event') {
      leaveAlone(stream, reason);
      return;
    }
    report({ level: 'warn', saga, stream, code, reason });
    notBefore.set(stream, monotonic() + backOff(stream));
  };

  const goesOn = (stream: string): void =>
    report({ level: 'info', saga, stream, code: 'recovered', reason: 'It goes on.' });

  const look = async (stream: string): Promise<void> => {
    busy.add(stream);
    woken.delete(stream);
    try {
      const next = await act(stream);
      if (E.isLeft(next)) {
        hindered(stream, next.left);
      } else {
        if (failures.delete(stream)) goesOn(stream);
        const { after } = next.right;
        notBefore.set(stream, monotonic() + (after ?? seldomFor(stream)));
      }
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report({ level: 'error', saga, stream, code: 'bug', reason });
      notBefore.set(stream, monotonic() + backOff(stream));
    } finally {
      busy.delete(stream);
      if (woken.delete(stream)) notBefore.delete(stream);
    }
  };

  /** Looks as far as it takes: any number of streams may wait for something and not be due. */
  const findDue = async (wanted: number): Promise<ReadonlyArray<string>> => {
    const at = now();
    const found: Array<string> = [];
    for (let offset = 0; found.length < wanted; offset += pageSize) {
      const due = await openWork.due(saga, at, { offset, limit: pageSize })();
      if (E.isLeft(due)) {
        const { code, reason } = due.left;
        report({ level: 'warn', saga, stream: '', code, reason });
        isBlind = true;
        break;
      }
      if (isBlind) goesOn('');
      isBlind = false;
      found.push(...due.right.filter(isDue));
      if (due.right.length < pageSize) break;
    }
    return found.slice(0, wanted);
  };

  /** What is over has no effect any more; it was kept for streams that may be due never again. */
  const forgetIdle = (): void => {
    const time = monotonic();
    if (time - forgotten < 60_000) return;
    forgotten = time;
    for (const [stream, at] of notBefore) if (at <= time) notBefore.delete(stream);
  };

  /** Starts what there is a free place for; a place that falls free asks for the next scan. */
  const scan = async (signal: AbortSignal): Promise<void> => {
    deps.beat?.();
    forgetIdle();
    const free = concurrency - busy.size;
    const streams = free > 0 ? await findDue(free) : [];
    if (signal.aborted) return;
    for (const stream of streams) {
      const work = look(stream).finally(() => {
        underWay.delete(work);
        awake.next();
      });
      underWay.add(work);
    }
  };

  return {
    wake: (streams) => {
      for (const stream of streams) {
        if (busy.has(stream)) woken.add(stream);
        else notBefore.delete(stream);
      }
      awake.next();
    },
    run: async (signal) => {
      const stopped = fromEvent(signal, 'abort');
      const ticks = merge(interval(pause), awake).pipe(
        startWith(undefined),
        takeUntil(stopped),
        exhaustMap(() => scan(signal)),
        defaultIfEmpty(undefined),
      );
      if (!signal.aborted) await lastValueFrom(ticks);
      await Promise.all(underWay);
    },
  };
};
