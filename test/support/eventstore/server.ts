import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featureService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { IGossipServer } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import type { IServerFeaturesServer } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import {
  Server,
  type ServerCredentials,
  type ServerInterceptor,
  ServerInterceptingCall,
  status,
} from '@grpc/grpc-js';
import type { ServerHttp2Stream } from 'node:http2';
import { answerAppend, answerBatches } from './appends.ts';
import type { Mood } from './mood.ts';
import { answerRead, invalidPosition, type ReadCall, refuse } from './reads.ts';
import type { Store } from './store.ts';

export type Serving = {
  readonly store: Store;
  readonly mood: Mood;
  /** What it says of itself; one that says nothing leaves the question unanswered. */
  readonly version: () => string | undefined;
  /** The cluster as this node sees it; a single node has none. */
  readonly gossip?: () => ClusterInfo;
  /** Of which servers its words are, where they differ. */
  readonly words?: 'older' | 'newer';
};

export type Served = {
  readonly listen: (port: number, credentials: ServerCredentials) => Promise<number>;
  /** Reads and subscriptions that clients have not let go of. */
  readonly openReads: () => number;
  /** How many reads and subscriptions have been begun. */
  readonly reads: () => number;
  /** Ends every call without a word, as a server does that is told to stop. */
  readonly drop: () => void;
  readonly close: () => void;
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

/** Keeps the streams of the calls under way. Success comes without a word, where this library would say OK. */
const watching =
  (open: Set<ServerHttp2Stream>): ServerInterceptor =>
  (_, call) => {
    const { stream } = call as unknown as { readonly stream: ServerHttp2Stream };
    open.add(stream);
    stream.once('close', () => open.delete(stream));
    return new ServerInterceptingCall(call, {
      sendStatus: (said, next) => {
        next(said.code === OK ? { ...said, details: '' } : said);
      },
    });
  };

const nameIn = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** False where the call was refused: by the user's rights, or because it asks for the leader and this is none. */
const isAdmitted = (mood: Mood, call: ReadCall): boolean => {
  const isOfAll = call.request.getOptions()?.hasAll() === true;
  const denial = mood.denial(call.metadata, isOfAll ? 'all' : 'stream');
  const needsLeader = call.metadata.get('requires-leader').includes('true');
  const leader = mood.leader();
  if (denial === 'unauthenticated') refuse(call, 16, 'Unauthenticated');
  else if (denial !== undefined) {
    refuse(call, 7, 'Access Denied', { exception: 'access-denied' });
  } else if (needsLeader && !mood.isReady()) refuse(call, 14, 'Server Is Not Ready');
  else if (needsLeader && leader !== undefined) {
    refuse(call, 5, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': leader.address,
      'leader-endpoint-port': String(leader.port),
    });
  } else return true;
  return false;
};

/** A server that speaks EventStoreDB's wire protocol as a real 23.10 was seen to. */
export const makeServer = (serving: Serving): Served => {
  const { store, mood, version, gossip, words = 'older' } = serving;
  const calls = new Set<ServerHttp2Stream>();
  const server = new Server({
    'grpc.max_receive_message_length': 17 * 1024 * 1024,
    interceptors: [watching(calls)],
  });
  const open = new Set<object>();
  let begun = 0;

  const service: IStreamsServer = {
    read: (call) => {
      if (!isAdmitted(mood, call)) return;
      begun += 1;
      open.add(call);
      const leave = (): void => void open.delete(call);
      for (const ending of ['cancelled', 'close', 'finish', 'error']) call.on(ending, leave);
      void answerRead(store, call, invalidPosition[words]);
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
      const said = version();
      if (said !== undefined) answer(null, supported(said));
    },
  };
  server.addService(services.StreamsService, service);
  server.addService(featureService.ServerFeaturesService, about);
  if (gossip !== undefined) {
    const told: IGossipServer = {
      read: (_, answer) => {
        answer(null, gossip());
      },
    };
    server.addService(gossipService.GossipService, told);
  }

  return {
    listen: (port, credentials) =>
      new Promise((resolve, reject) => {
        server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) => {
          if (error === null) resolve(bound);
          else reject(error);
        });
      }),
    openReads: () => open.size,
    reads: () => begun,
    drop: () => {
      for (const stream of calls) stream.close();
    },
    close: () => {
      server.forceShutdown();
    },
  };
};
