import * as E from 'fp-ts/lib/Either.js';
import type { LogFailure } from '../event-log.ts';
import { acquire } from './connection.ts';
import { logFailureOf } from './failures.ts';
import { type Node, nodesOf } from './nodes.ts';
import { versionOf } from './version.ts';

type Asked = { readonly place: string; readonly failure: LogFailure | undefined };

/** Time a single node is given, in milliseconds: what is asked needs no leader. */
const longest = 5000;

const ask = async ({ place, connectionString }: Node, patience: number): Promise<Asked> => {
  const connection = acquire(connectionString);
  if (E.isLeft(connection)) return { place, failure: connection.left };
  const { reader, release } = connection.right;
  try {
    await versionOf(reader, Math.min(patience, longest));
    return { place, failure: undefined };
  } catch (error) {
    return { place, failure: logFailureOf(error) };
  } finally {
    await release();
  }
};

const listOf = (asked: ReadonlyArray<Asked>): string => asked.map(({ place }) => place).join(', ');

const noneAnswers = (asked: ReadonlyArray<Asked>): LogFailure | undefined => {
  const [first] = asked;
  if (first?.failure === undefined) return undefined;
  const { code, reason } = first.failure;
  return {
    code,
    reason: `none of the nodes ${listOf(asked)} can be asked; ${first.place}: ${reason}`,
  };
};

/**
 * Why a cluster could not be used: asks each node by itself, for the client only says that it found
 * no leader. Undefined when the connection string names a single server.
 */
export const whyNoLeader = async (
  connectionString: string,
  patience: number,
): Promise<LogFailure | undefined> => {
  const nodes = nodesOf(connectionString);
  if (nodes.length === 0) return undefined;
  const asked = await Promise.all(nodes.map((node) => ask(node, patience)));
  const silent = asked.filter(({ failure }) => failure !== undefined);
  const answering = asked.filter(({ failure }) => failure === undefined);
  if (answering.length === 0) return noneAnswers(asked);
  const others = silent.length === 0 ? '' : ` (not ${listOf(silent)})`;
  const reason = `EventStoreDB answers at ${listOf(answering)}${others}, but the cluster has no leader: see that more than half of its nodes are up and reach each other, and try again`;
  return { code: 'unavailable', reason };
};
