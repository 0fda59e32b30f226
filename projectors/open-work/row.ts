import type { JsonObject } from '../../domain/json.ts';
import type { Model } from '../read-models.ts';

/**
 * Where a saga has work. Row id: the stream's name. `due` is null for nothing to do, '' for at once,
 * else ISO. `state` is what folding on needs and nothing more.
 */
export type WorkRow = {
  readonly saga: 'pushes' | 'wave' | 'rebuild' | 'compose' | 'contents' | 'signing';
  readonly due: string | null;
  /** Trigger streams with an open, unblocked claim here. */
  readonly claims: ReadonlyArray<string>;
  /** Streams of artifacts and composes that claims here wait for. */
  readonly waitsFor: ReadonlyArray<string>;
  /** Trigger streams that want to hear of what happens here. */
  readonly tells: ReadonlyArray<string>;
  /** Of a compose's stream: its id in ODCS while it is followed. */
  readonly composeId: number | null;
  readonly state: JsonObject;
};

export const openWorkModel: Model = {
  name: 'open_work',
  version: 4,
  fields: { saga: 'text', due: 'text', claims: 'texts', waitsFor: 'texts', composeId: 'integer' },
  fieldsOf: (body) => {
    const { saga, due, claims, waitsFor, composeId } = body as WorkRow;
    return { saga, due, claims, waitsFor, composeId };
  },
};
