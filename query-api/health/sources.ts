import * as E from 'fp-ts/lib/Either.js';
import type { Reader, StoreFailure } from '../../projectors/read-models.ts';
import type { SourceRow } from '../../projectors/sources/row.ts';
import type { Silence } from '../deps.ts';

export type SourceJson = {
  readonly last_message_at: string | null;
  readonly last_message_id: string | null;
  readonly last_topic: string | null;
  readonly messages: number;
  readonly silent: boolean;
  readonly silent_since: string | null;
  readonly transport: string;
};

const nobody: Silence = { transports: [], silentSince: () => null };

const sourceJson = (
  { silentSince }: Silence,
  transport: string,
  row: SourceRow | undefined,
): SourceJson => {
  const since = silentSince(transport, row?.lastObservedAt);
  return {
    last_message_at: row?.lastObservedAt ?? null,
    last_message_id: row?.lastMessageId ?? null,
    last_topic: row?.lastTopic ?? null,
    messages: row?.messages ?? 0,
    silent: since !== null,
    silent_since: since,
    transport,
  };
};

/** Every source that ever brought a message and every live one that this process hears, by name. */
export const sourcesOf = async (
  sources: Reader,
  silence = nobody,
): Promise<E.Either<StoreFailure, ReadonlyArray<SourceJson>>> => {
  const orderBy = [{ field: 'transport' }];
  const found = await sources.find({ where: [], orderBy, offset: 0, limit: 1000 })();
  if (E.isLeft(found)) return found;
  const rows = new Map(found.right.map(({ body }) => [(body as SourceRow).transport, body]));
  const transports = [...new Set([...rows.keys(), ...silence.transports])].sort();
  return E.right(
    transports.map((transport) =>
      sourceJson(silence, transport, rows.get(transport) as SourceRow | undefined),
    ),
  );
};

/** A sentence for each source that is silent. */
export const warningsOf = (sources: ReadonlyArray<SourceJson>): ReadonlyArray<string> =>
  sources.flatMap(({ transport, silent_since: since }) =>
    since === null ? [] : [`The source ${transport} has been silent since ${since}.`],
  );
