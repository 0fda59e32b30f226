import { ServerCredentials } from '@grpc/grpc-js';
import type { Certificate } from './certificates.ts';
import { type Front, openFront } from './front.ts';
import type { Denial, Misbehaviour } from './mood.ts';
import { makeServer } from './server.ts';
import { openStore, type Store } from './store.ts';
import { denialBy, type Users } from './users.ts';

export type StandIn = {
  readonly port: number;
  /** Names no user: with users it is for the test to say who it is. */
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

export type StandInOptions = {
  readonly version?: string;
  readonly maxAppendSize?: number;
  /** With it the server speaks TLS. */
  readonly certificate?: Certificate;
  readonly users?: Users;
  readonly words?: 'older' | 'newer';
  /** By how many milliseconds its clock is ahead of ours. */
  readonly clockAhead?: number;
};

/** What a server shows who it is with. */
export const credentialsOf = (certificate: Certificate | undefined): ServerCredentials =>
  certificate === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [
        { private_key: certificate.key, cert_chain: certificate.chain },
      ]);

/** The server in this process; it can be told to misbehave. */
export const openStandIn = async (options: StandInOptions = {}): Promise<StandIn> => {
  const { certificate, users, maxAppendSize } = options;
  const store = openStore(maxAppendSize === undefined ? {} : { maxAppendSize });
  const misbehaviours: Array<Misbehaviour> = [];
  const byUser = denialBy(users);
  let denial: Denial | undefined;
  let muted = 0;
  const server = makeServer({
    store,
    words: options.words ?? 'older',
    mood: {
      next: () => misbehaviours.shift(),
      denial: (given, asked) => denial ?? byUser(given, asked),
      cut: () => door.cut(),
      isReady: () => true,
      leader: () => undefined,
      clockAhead: () => options.clockAhead ?? 0,
    },
    version: () => {
      muted -= 1;
      return muted < 0 ? (options.version ?? '23.10.7') : undefined;
    },
  });
  const door = await openFront(await server.listen(0, credentialsOf(certificate)));
  const query =
    certificate === undefined ? 'tls=false' : `tlsCAFile=${encodeURIComponent(certificate.caFile)}`;
  return {
    port: door.port(),
    connectionString: `esdb://127.0.0.1:${door.port()}?${query}`,
    store,
    openReads: server.openReads,
    reads: server.reads,
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
      server.close();
    },
  };
};
