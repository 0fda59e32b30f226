import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  type ChannelCredentials,
  Client,
  credentials,
  Metadata,
  type StatusObject,
} from '@grpc/grpc-js';
import type { Fields, RecordedCall, Status } from './exchanges.ts';
import { made, pairPlaces, requestClasses } from './exchanges.ts';

/** What our server answered to a call. */
export type Answered = {
  readonly frames: ReadonlyArray<unknown>;
  readonly status: Status | undefined;
};

type Message = { readonly toObject: () => unknown; readonly serializeBinary: () => Uint8Array };
type Duplex = {
  readonly write: (message: Message) => unknown;
  readonly end: () => void;
  readonly cancel: () => void;
  readonly on: (event: string, listener: (value: never) => void) => unknown;
};

export type Replayer = {
  /** Sends what the call sent; settles when as much came as was recorded, or the call ended. */
  readonly replay: (call: RecordedCall, within?: () => Promise<void>) => Promise<Answered>;
  readonly close: () => void;
};

/** What was got, in order. */
const gotIn = ({ frames = [] }: RecordedCall): ReadonlyArray<Fields> =>
  frames.flatMap(({ got }) => (got === undefined ? [] : [got]));

const lastWord = (method: string): string => method.split('/').at(-1) ?? '';

const transport = ['content-type', 'date', 'grpc-accept-encoding', 'grpc-encoding', 'grpc-status'];

const statusOf = ({ code, details, metadata }: StatusObject): Status => {
  const trailers = Object.entries(metadata.getMap())
    .filter(([key]) => !transport.includes(key))
    .map(([key, value]) => [key, value.toString()] as const);
  return { code, details, trailers: Object.fromEntries(trailers) };
};

type Running = {
  readonly call: Duplex;
  readonly frames: Array<unknown>;
  status?: Status;
  /** Settles when so many frames are there, or the call is over. */
  readonly reached: (count: number) => Promise<void>;
};

export type Caller = {
  readonly channel: ChannelCredentials;
  /** `name:password`, where it says who it is. */
  readonly login?: string;
};
export const plain: Caller = { channel: credentials.createInsecure() };

const metadataOf = ({ login }: Caller): Metadata => {
  const metadata = new Metadata();
  if (login !== undefined) {
    metadata.set('authorization', `Basic ${Buffer.from(login).toString('base64')}`);
  }
  return metadata;
};

/** Plays the client's part of recorded exchanges over one connection. */
export const openReplayer = (
  port: number,
  pairs: Map<string, string>,
  caller: Caller = plain,
): Replayer => {
  const client = new Client(`127.0.0.1:${port}`, caller.channel, {
    'grpc.max_receive_message_length': 17 * 1024 * 1024,
  });
  let batches: Running | undefined;

  const begin = (name: string): Running => {
    const definition = Object.values(services.StreamsService).find(
      ({ path }) => lastWord(path) === name,
    );
    if (definition === undefined) throw new Error(`no method ${name}`);
    const call = client.makeBidiStreamRequest(
      definition.path,
      (message: Message) => Buffer.from(message.serializeBinary()),
      (bytes: Buffer) => definition.responseDeserialize(bytes) as Message,
      metadataOf(caller),
    ) as unknown as Duplex;
    const listeners = new Set<() => void>();
    const look = (): void => {
      for (const listener of [...listeners]) listener();
    };
    const running: Running = {
      call,
      frames: [],
      reached: (count) =>
        new Promise((resolve) => {
          const check = (): void => {
            if (running.frames.length < count && running.status === undefined) return;
            listeners.delete(check);
            resolve();
          };
          listeners.add(check);
          check();
        }),
    };
    call.on('data', (message: Message) => {
      running.frames.push(JSON.parse(JSON.stringify(message.toObject())));
      look();
    });
    call.on('error', () => undefined);
    call.on('status', (status: StatusObject) => {
      running.status = statusOf(status);
      look();
    });
    return running;
  };

  const send = (running: Running, name: string, recorded: RecordedCall): void => {
    const requests = requestClasses[name];
    for (const { sent } of recorded.frames ?? []) {
      if (sent === undefined || requests === undefined) continue;
      running.call.write(made(requests, sent, { pairs }) as Message);
    }
  };

  const replayBatches = async (recorded: RecordedCall): Promise<Answered> => {
    if (recorded.method !== undefined) batches?.call.cancel();
    const running = recorded.method === undefined && batches ? batches : begin('BatchAppend');
    batches = running;
    const before = running.frames.length;
    const got = gotIn(recorded);
    send(running, 'BatchAppend', recorded);
    const isRefused = recorded.status !== undefined && recorded.status.code !== 1;
    await running.reached(before + got.length + (isRefused ? 1 : 0));
    return { frames: running.frames.slice(before), status: isRefused ? running.status : undefined };
  };

  const replayOther = async (
    name: string,
    recorded: RecordedCall,
    within: () => Promise<void>,
  ): Promise<Answered> => {
    const running = begin(name);
    const got = gotIn(recorded);
    const isCancelled = recorded.status?.code === 1;
    send(running, name, recorded);
    running.call.end();
    const caughtUp = got.findIndex((frame) => 'caughtUp' in frame);
    await running.reached(caughtUp < 0 ? 1 : caughtUp + 1);
    await within();
    await running.reached(isCancelled ? got.length : Number.POSITIVE_INFINITY);
    if (isCancelled) running.call.cancel();
    await running.reached(Number.POSITIVE_INFINITY);
    return { frames: running.frames, status: running.status };
  };

  const nothing = (): Promise<void> => Promise.resolve();
  return {
    replay: async (recorded, within = nothing) => {
      const name = lastWord(recorded.method ?? recorded.continues ?? '');
      const answered =
        name === 'BatchAppend'
          ? await replayBatches(recorded)
          : await replayOther(name, recorded, within);
      pairPlaces(answered.frames, gotIn(recorded), pairs);
      return answered;
    },
    close: () => {
      batches?.call.cancel();
      client.close();
    },
  };
};
