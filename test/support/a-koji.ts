import type { ExecutionContext } from 'ava';
import { kojiOverXmlRpc } from '../../clients/koji/koji.ts';
import type { Koji } from '../../clients/koji/port.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { aSandbox, distributionOf } from './sandbox.ts';

/** A client of this sandbox's Koji; asks patiently enough for a busy machine. */
export const kojiOf = ({ kojiUrl }: Pick<Sandbox, 'kojiUrl'>): Koji =>
  kojiOverXmlRpc({ baseUrl: kojiUrl, callTimeout: 5000, readTimeout: 5000, concurrency: 4 });

/** A sandbox with images, as lines of its distribution, and a client of its Koji. */
export const aKoji = async (t: ExecutionContext, ...lines: ReadonlyArray<string>) => {
  const sandbox = await aSandbox(t, { distribution: distributionOf(...lines) });
  return { sandbox, koji: kojiOf(sandbox) };
};
