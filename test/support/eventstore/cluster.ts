import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import { ServerCredentials } from '@grpc/grpc-js';
import { type Front, openFront } from './front.ts';
import type { Misbehaviour } from './mood.ts';
import { makeServer, type Served } from './server.ts';
import { openStore, type Store } from './store.ts';

/** Three nodes in this process that hold one log, as far as it is acknowledged. */
export type Cluster = {
  /** Names all three as seeds. */
  readonly connectionString: string;
  readonly store: Store;
  readonly leader: () => number;
  /** For a client that talks to one node alone. */
  readonly straightTo: (node: number) => string;
  /** The leader is killed; the others elect one of them when they are asked for the cluster. */
  readonly killLeader: () => Promise<void>;
  /** A killed node comes back, as a follower. */
  readonly revive: (node: number) => Promise<void>;
  /** The leader lives on as a follower of another. */
  readonly resign: () => void;
  /** The leader lives on but hears nothing of the others, who have elected another. */
  readonly cutOffLeader: () => void;
  /** Without a majority nobody leads, and nobody is elected. */
  readonly loseMajority: () => void;
  readonly regainMajority: () => void;
  /** The next appends go wrong in these ways, one each. */
  readonly misbehave: (...ways: ReadonlyArray<Misbehaviour>) => void;
  /** What a node says when it is asked for the cluster. */
  readonly gossip: () => ClusterInfo.AsObject;
  readonly close: () => Promise<void>;
};

type Phase = 'settled' | 'searching' | 'taking over' | 'no majority';

type State = MemberInfo.VNodeState;
const { UNKNOWN, PREREPLICA, FOLLOWER, PRELEADER, LEADER } = gossip.MemberInfo.VNodeState;
const nodes = [0, 1, 2] as const;

/** How often a new leader was seen to say that it is not ready yet. */
const notReadyFor = 5;

const stateOf = (phase: Phase, isElect: boolean, isAlive: boolean): State => {
  if (!isAlive || phase === 'no majority') return UNKNOWN;
  if (phase === 'searching') return isElect ? PRELEADER : UNKNOWN;
  if (isElect) return LEADER;
  return phase === 'taking over' ? PREREPLICA : FOLLOWER;
};

type Identity = InstanceType<typeof shared.UUID>;

/** A random UUID in two signed halves, as nodes write their own. */
const anIdentity = (): Identity => {
  const bits = BigInt(`0x${crypto.randomUUID().replaceAll('-', '')}`);
  const structured = new shared.UUID.Structured()
    .setMostSignificantBits(BigInt.asIntN(64, bits >> 64n).toString())
    .setLeastSignificantBits(BigInt.asIntN(64, bits).toString());
  return new shared.UUID().setStructured(structured);
};

const memberOf = (id: Identity, port: number, isAlive: boolean, state: State): MemberInfo =>
  new gossip.MemberInfo()
    .setInstanceId(id)
    .setTimeStamp(`${Date.now()}0000`)
    .setState(state)
    .setIsAlive(isAlive)
    .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port));

/** Opens the cluster; node 0 leads. */
export const openCluster = async (): Promise<Cluster> => {
  const store = openStore();
  const fronts: Array<Front> = [];
  const servers: Array<Served> = [];
  const identities = nodes.map(anIdentity);
  const dead = new Set<number>();
  const cutOff = new Set<number>();
  const misbehaviours: Array<Misbehaviour> = [];
  let phase: Phase = 'settled';
  let leader = 0;
  let waits = 0;

  const portOf = (node: number): number => fronts[node]?.port() ?? 0;
  const isReady = (): boolean => {
    if (phase !== 'taking over') return phase === 'settled';
    waits -= 1;
    if (waits < 0) phase = 'settled';
    return waits < 0;
  };
  const seen = (by?: number): ClusterInfo => {
    const info = new gossip.ClusterInfo();
    const isAlone = by !== undefined && cutOff.has(by);
    for (const node of nodes) {
      const isAlive = isAlone ? node === by : !dead.has(node) && !cutOff.has(node);
      const is = stateOf(isAlone ? 'no majority' : phase, node === leader, isAlive);
      info.addMembers(memberOf(identities[node] ?? anIdentity(), portOf(node), isAlive, is));
    }
    return info;
  };
  const told = (by: number): ClusterInfo => {
    const info = seen(by);
    if (phase === 'searching') phase = 'taking over';
    return info;
  };
  for (const node of nodes) {
    const server = makeServer({
      store,
      mood: {
        next: () => misbehaviours.shift(),
        denial: () => undefined,
        clockAhead: () => 0,
        cut: () => fronts[node]?.cut(),
        isReady: () => !cutOff.has(node) && isReady(),
        leader: () =>
          node === leader ? undefined : { address: '127.0.0.1', port: portOf(leader) },
      },
      version: () => '23.10.7',
      gossip: () => told(node),
    });
    servers.push(server);
    fronts.push(await openFront(await server.listen(0, ServerCredentials.createInsecure())));
  }
  const nextLeader = (): number =>
    nodes.find((node) => node !== leader && !dead.has(node) && !cutOff.has(node)) ?? leader;
  const seeds = nodes.map((node) => `127.0.0.1:${portOf(node)}`);

  return {
    connectionString: `esdb://${seeds.join(',')}?tls=false`,
    store,
    leader: () => leader,
    straightTo: (node) => `esdb://127.0.0.1:${portOf(node)}?tls=false`,
    killLeader: async () => {
      dead.add(leader);
      const killed = fronts[leader];
      leader = nextLeader();
      phase = 'searching';
      waits = notReadyFor;
      await killed?.shut();
    },
    revive: async (node) => {
      dead.delete(node);
      await fronts[node]?.reopen();
    },
    resign: () => {
      leader = nextLeader();
    },
    cutOffLeader: () => {
      cutOff.add(leader);
      leader = nextLeader();
    },
    loseMajority: () => {
      phase = 'no majority';
    },
    regainMajority: () => {
      phase = 'settled';
    },
    misbehave: (...ways) => void misbehaviours.push(...ways),
    gossip: () => seen().toObject(),
    close: async () => {
      for (const node of nodes) {
        if (!dead.has(node)) await fronts[node]?.shut();
        servers[node]?.close();
      }
    },
  };
};
