import type { Model } from '../read-models.ts';

/** The newest message of one source. Row id: the transport. Times: ISO 8601. */
export type SourceRow = {
  readonly transport: string;
  readonly lastMessageId: string;
  readonly lastTopic: string;
  readonly lastObservedAt: string;
  readonly messages: number;
};

export const sourcesModel: Model = {
  name: 'sources',
  version: 1,
  fields: { transport: 'text' },
  fieldsOf: (body) => ({ transport: (body as SourceRow).transport }),
};
