import * as E from 'fp-ts/lib/Either.js';
import type { Reader } from '../../projectors/read-models.ts';
import type { SourceRow } from '../../projectors/sources/row.ts';
import type { Hearing } from '../hearing.ts';
import type { Family } from './exposition.ts';

/** Transports are few and named by us. */
const most = 100;

/** When each source last spoke, and whether a live one is silent. Left: the rows cannot be read. */
export const sourceFamilies = async (
  sources: Reader,
  { transports, silentSince }: Pick<Hearing, 'transports' | 'silentSince'>,
): Promise<E.Either<unknown, ReadonlyArray<Family>>> => {
  const orderBy = [{ field: 'transport' }];
  const found = await sources.find({ where: [], orderBy, offset: 0, limit: most })();
  if (E.isLeft(found)) return found;
  const rows = found.right.map(({ body }) => body as SourceRow);
  const recordedAt = (transport: string): string | undefined =>
    rows.find((row) => row.transport === transport)?.lastObservedAt;
  return E.right([
    {
      ...{ name: 'freshmaker_source_silent', type: 'gauge' },
      help: '1 while nothing has come from a live source of this installation for too long.',
      samples: transports.map((transport) => ({
        labels: { transport },
        value: silentSince(transport, recordedAt(transport)) === null ? 0 : 1,
      })),
    },
    {
      ...{ name: 'freshmaker_source_last_message_timestamp_seconds', type: 'gauge' },
      help: 'When the newest message of a source was put on record, in Unix time.',
      samples: rows.map(({ transport, lastObservedAt }) => ({
        labels: { transport },
        value: Date.parse(lastObservedAt) / 1000,
      })),
    },
    {
      ...{ name: 'freshmaker_source_messages_total', type: 'counter' },
      help: 'Messages that a source has brought first.',
      samples: rows.map(({ transport, messages }) => ({ labels: { transport }, value: messages })),
    },
  ]);
};
