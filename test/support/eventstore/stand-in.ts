import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featureService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { IServerFeaturesServer } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  Server,
  ServerCredentials,
  type ServerInterceptor,
  ServerInterceptingCall,
  status,
} from '@grpc/grpc-js';
import { answerAppend, answerBatches } from './appends.ts';
import { type Front, openFront } from './front.ts';
import type { Denial, Misbehaviour } from './mood.ts';
import { answerRead, refuse } from './reads.ts';
import { openStore, type Store } from './store.ts';

export type StandIn = {
  readonly port: number;
  readonly connectionString: string;
  readonly store: Store;
  /** Reads and subscriptions that clients have not let go of. */
  readonly openReads: () => number;
  /** How many reads and subscriptions have been begun. */
  readonly reads: () => number;
  /** The next appends go wrong in these ways, one each. */
  readonly misbehave: (...ways: ReadonlyArray<Misbehaviour>) => void;
  /** The next clients that ask what the server supports get no answer, so many of them. */
  readonly muteFeatures: (times: number) => void;
  readonly deny: (denial: Denial | undefined) => void;
  readonly front: Front;
  readonly close: () => Promise<void>;
};

const methods: ReadonlyArray<readonly [string, string, ReadonlyArray<string>]> = [
  ['read', 'event_store.client.streams.streams', ['position', 'events']],
  ['append', 'event_store.client.streams.streams', []],
  ['delete', 'event_store.client.streams.streams', []],
  ['tombstone', 'event_store.client.streams.streams', []],
  ['batchappend', 'event_store.client.streams.streams', ['deadline_duration']],
  ['getsupportedmethods', 'event_store.client.server_features.serverfeatures', []],
];

const supported = (version: string): InstanceType<typeof features.SupportedMethods> =>
  new features.SupportedMethods().setEventStoreServerVersion(version).setMethodsList(
    methods.map(([method, service, list]) =>
      new features.SupportedMethod()
        .setMethodName(method)
        .setServiceName(service)
        .setFeaturesList([...list]),
    ),
  );

const { OK } = status;

/** Success comes without a word, where this library would say OK. */
const sayNothingOfSuccess: ServerInterceptor = (_, call) =>
  new ServerInterceptingCall(call, {
    sendStatus: (said, next) => {
      next(said.code === OK ? { ...said, details: '' } : said);
    },
  });

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });

const nameIn = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/**
 * A server that speaks EventStoreDB's wire protocol as a real 23.10 was seen to, in this process,
 * and can be told to misbehave.
 */
export const openStandIn = async (
  options: { readonly version?: string } = {},
): Promise<StandIn> => {
  const store = openStore();
  const server = new Server({
    'grpc.max_receive_message_length': 17 * 1024 * 1024,
    interceptors: [sayNothingOfSuccess],
  });
  const door = await openFront(await listen(server));
  const misbehaviours: Array<Misbehaviour> = [];
  const open = new Set<object>();
  let denial: Denial | undefined;
  let begun = 0;
  let muted = 0;
  const mood = {
    next: () => misbehaviours.shift(),
    denial: () => denial,
    cut: () => door.cut(),
  };

  const service: IStreamsServer = {
    read: (call) => {
      if (denial === 'unauthenticated') refuse(call, 16, 'Unauthenticated');
      else if (denial !== undefined) {
        refuse(call, 7, 'Access Denied', { exception: 'access-denied' });
      } else {
        begun += 1;
        open.add(call);
        const leave = (): void => void open.delete(call);
        for (const ending of ['cancelled', 'close', 'finish', 'error']) call.on(ending, leave);
        void answerRead(store, call);
      }
    },
    append: (call, answer) => {
      answerAppend(store, call, answer);
    },
    batchAppend: (call) => {
      answerBatches(store, mood, call);
    },
    delete: (call, answer) => {
      const name = call.request.getOptions()?.getStreamIdentifier()?.getStreamName_asU8();
      const position = store.softDelete(nameIn(name)).toString();
      const place = new streams.DeleteResp.Position()
        .setCommitPosition(position)
        .setPreparePosition(position);
      answer(null, new streams.DeleteResp().setPosition(place));
    },
    tombstone: (call, answer) => {
      const name = call.request.getOptions()?.getStreamIdentifier()?.getStreamName_asU8();
      const position = store.tombstone(nameIn(name)).toString();
      const place = new streams.TombstoneResp.Position()
        .setCommitPosition(position)
        .setPreparePosition(position);
      answer(null, new streams.TombstoneResp().setPosition(place));
    },
  };
  const about: IServerFeaturesServer = {
    getSupportedMethods: (_, answer) => {
      muted -= 1;
      if (muted < 0) answer(null, supported(options.version ?? '23.10.7'));
    },
  };
  server.addService(services.StreamsService, service);
  server.addService(featureService.ServerFeaturesService, about);
  return {
    port: door.port(),
    connectionString: `esdb://127.0.0.1:${door.port()}?tls=false`,
    store,
    openReads: () => open.size,
    reads: () => begun,
    misbehave: (...ways) => void misbehaviours.push(...ways),
    muteFeatures: (times) => {
      muted = times;
    },
    deny: (given) => {
      denial = given;
    },
    front: door,
    close: async () => {
      await door.shut();
      server.forceShutdown();
    },
  };
};
