import type { ServerWritableStream } from '@grpc/grpc-js';
import { Metadata } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import {
  caughtUpFrame,
  checkpointFrame,
  confirmationFrame,
  eventFrame,
  notFoundFrame,
} from './answers.ts';
import type { Store } from './store.ts';
import type { StoredEvent } from './stored-event.ts';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;
type Options = NonNullable<ReturnType<ReadReq['getOptions']>>;

/** Ends a call the way the server does: by a status alone, when nothing was sent. */
export const refuse = (
  call: { readonly emit: (event: 'error', error: object) => boolean },
  code: number,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): void => {
  const metadata = new Metadata();
  metadata.set('content-length', '0');
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  call.emit('error', { code, details, metadata });
};

export const refuseDeleted = (
  call: { readonly emit: (event: 'error', error: object) => boolean },
  stream: string,
): void => {
  const trailers = { exception: 'stream-deleted', 'stream-name': stream };
  refuse(call, 9, `Event stream '${stream}' is deleted.`, trailers);
};

const isBackward = (options: Options): boolean => [1].includes(options.getReadDirection());

const nameOf = (options: Options): string =>
  Buffer.from(options.getStream()?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();

const finish = async (call: ReadCall, events: ReadonlyArray<StoredEvent>): Promise<void> => {
  for (const event of events) await send(call, eventFrame(event));
  const trailers = new Metadata();
  if (events.length === 0) trailers.set('content-length', '0');
  call.end(trailers);
};

/** Settles when the client can take more, or is gone. */
export const send = async (call: ReadCall, frame: ReadResp): Promise<void> => {
  if (call.cancelled || call.destroyed || call.write(frame)) return;
  await new Promise<void>((resolve) => {
    const go = (): void => {
      for (const event of ['drain', 'cancelled', 'close', 'error']) call.removeListener(event, go);
      resolve();
    };
    for (const event of ['drain', 'cancelled', 'close', 'error']) call.once(event, go);
  });
};

const some = (
  events: ReadonlyArray<StoredEvent>,
  isBackwards: boolean,
  count: number,
): ReadonlyArray<StoredEvent> => (isBackwards ? events.toReversed() : events).slice(0, count);

const reachOf = (own: ReadonlyArray<StoredEvent>, options: Options): ReadonlyArray<StoredEvent> => {
  const place = options.getStream();
  if (place?.hasRevision() !== true) return place?.hasStart() === isBackward(options) ? [] : own;
  const revision = Number(place.getRevision());
  return own.filter((event) =>
    isBackward(options) ? event.revision <= revision : event.revision >= revision,
  );
};

const readOfStream = async (store: Store, call: ReadCall, options: Options): Promise<void> => {
  const stream = nameOf(options);
  const isBackwards = isBackward(options);
  const place = options.getStream();
  if (store.isTombstoned(stream)) {
    refuseDeleted(call, stream);
    return;
  }
  const own = store.stream(stream);
  if (own === undefined) {
    await send(call, notFoundFrame(stream));
    call.end();
    return;
  }
  if (place?.hasEnd() === true && !isBackwards) {
    refuse(call, 2, 'Unexpected ReadStreamResult: Error');
    return;
  }
  await finish(call, some(reachOf(own, options), isBackwards, Number(options.getCount())));
};

/** The index of the first event at or after a position. */
const indexOf = (all: ReadonlyArray<StoredEvent>, position: bigint): number => {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((all[middle]?.position ?? position) < position) low = middle + 1;
    else high = middle;
  }
  return low;
};

const isRecord = (all: ReadonlyArray<StoredEvent>, position: bigint): boolean =>
  all[indexOf(all, position)]?.position === position || position > (all.at(-1)?.position ?? 0n);

/** What is said of a position that is no record's; servers of 24.10 and newer have other words. */
export type InvalidPosition = { readonly code: number; readonly details: string };
export const invalidPosition: Readonly<Record<'older' | 'newer', InvalidPosition>> = {
  older: { code: 2, details: 'Unexpected ReadAllResult: Error' },
  newer: { code: 3, details: 'Trying to read from an invalid position.' },
};

const readOfAll = async (
  { all }: Store,
  call: ReadCall,
  options: Options,
  { code, details }: InvalidPosition,
): Promise<void> => {
  const isBackwards = isBackward(options);
  const given = options.getAll()?.getPosition();
  const position = given === undefined ? undefined : BigInt(given.getCommitPosition());
  if (position !== undefined && !isRecord(all, position)) {
    refuse(call, code, details);
    return;
  }
  const count = Number(options.getCount());
  const start = isBackwards ? all.length : 0;
  const place = position === undefined ? start : indexOf(all, position);
  const reach = isBackwards
    ? all.slice(Math.max(0, place - count), place)
    : all.slice(place, place + count);
  await finish(call, isBackwards ? reach.toReversed() : reach);
};

const filterOf = (options: Options): ((event: StoredEvent) => boolean) => {
  const filter = options.getFilter();
  const byType = filter?.getEventType();
  const expression = byType ?? filter?.getStreamIdentifier();
  if (expression === undefined) return () => true;
  const isByType = byType !== undefined;
  const prefixes = expression.getPrefixList();
  const regex = new RegExp(expression.getRegex());
  return ({ stream, type }) => {
    const name = isByType ? type : stream;
    return prefixes.length > 0
      ? prefixes.some((prefix) => name.startsWith(prefix))
      : regex.test(name);
  };
};

type Source = {
  readonly events: () => ReadonlyArray<StoredEvent>;
  readonly isAfter: (event: StoredEvent) => boolean;
};

const sourceOfAll = (store: Store, all: ReadReq.Options.AllOptions): Source => {
  const given = all.getPosition();
  const newest = store.all.at(-1)?.position ?? 0n;
  const place = given === undefined ? -1n : BigInt(given.getCommitPosition());
  const after = all.hasEnd() ? newest : place;
  return { events: () => store.all, isAfter: ({ position }) => position > after };
};

const sourceOfStream = (store: Store, options: Options): Source => {
  const stream = nameOf(options);
  const place = options.getStream();
  const newest = store.stream(stream)?.at(-1)?.revision ?? -1;
  const revision = place?.hasRevision() === true ? Number(place.getRevision()) : -1;
  const after = place?.hasEnd() === true ? newest : revision;
  return { events: () => store.stream(stream) ?? [], isAfter: (event) => event.revision > after };
};

const sourceOf = (store: Store, options: Options): Source => {
  const all = options.getAll();
  return all === undefined ? sourceOfStream(store, options) : sourceOfAll(store, all);
};

type Presence = { isGone: boolean; wake: () => void };

const watch = (call: ReadCall): Presence => {
  const presence: Presence = { isGone: false, wake: () => undefined };
  const leave = (): void => {
    presence.isGone = true;
    presence.wake();
  };
  for (const ending of ['cancelled', 'close', 'error']) call.once(ending, leave);
  return presence;
};

/** Sends what there is, says so, and goes on as more is written, until the client is gone. */
const subscription = async (store: Store, call: ReadCall, options: Options): Promise<void> => {
  const { events, isAfter } = sourceOf(store, options);
  const isWanted = filterOf(options);
  const presence = watch(call);
  const forget = store.whenChanged(() => {
    presence.wake();
  });
  const first = events().findIndex(isAfter);
  let next = first < 0 ? events().length : first;
  let isTold = !options.hasAll() && events().length === 0;
  let isMarked = !options.hasFilter();
  await send(call, confirmationFrame());

  const pass = async (event: StoredEvent): Promise<void> => {
    if (!isAfter(event) || !isWanted(event)) return;
    await send(call, eventFrame(event));
    if (!isMarked && !isTold) await send(call, checkpointFrame(event.position));
    isMarked = true;
  };
  while (!presence.isGone) {
    const changed = new Promise<void>((resolve) => {
      presence.wake = resolve;
    });
    const event = events()[next];
    next += event === undefined ? 0 : 1;
    if (event !== undefined) await pass(event);
    else if (isTold) await changed;
    else {
      isTold = true;
      await send(call, caughtUpFrame());
    }
  }
  forget();
};

/** The server's Read: of a stream or of all, forwards or backwards, once or as a subscription. */
export const answerRead = async (
  store: Store,
  call: ReadCall,
  invalid: InvalidPosition,
): Promise<void> => {
  const options = call.request.getOptions();
  if (options === undefined) refuse(call, 3, 'no options');
  else if (options.hasSubscription()) await subscription(store, call, options);
  else if (options.hasAll()) await readOfAll(store, call, options, invalid);
  else await readOfStream(store, call, options);
};
