import * as E from 'fp-ts/lib/Either.js';
import type { JsonObject } from '../domain/json.ts';
import type { Projector, Recorded } from './projector.ts';
import type { Row } from './read-models.ts';

export type RowFailed = {
  readonly code: 'row-failed';
  readonly position: string;
  readonly reason: string;
};

/** An event and the ids of the rows it touches. */
export type Touch = { readonly recorded: Recorded; readonly ids: ReadonlyArray<string> };

/** A row as it is to be written; without a body it is to be removed. */
export type Change = { readonly id: string; readonly pos: string; readonly body?: JsonObject };

export const touchesOf = (
  projector: Projector,
  events: ReadonlyArray<Recorded>,
): ReadonlyArray<Touch> =>
  events
    .map((recorded) => ({ recorded, ids: projector.touches(recorded) }))
    .filter(({ ids }) => ids.length > 0);

const failed = (
  projector: Projector,
  recorded: Recorded,
  id: string,
  error: unknown,
): RowFailed => {
  const { stream, revision, position, event } = recorded;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: 'row-failed',
    position,
    reason: `Row ${id} of ${projector.model.name} cannot be told from ${event.type} at ${stream}@${revision}, position ${position}: ${told}`,
  };
};

/**
 * Folds events into rows in memory, each row once per page however often it is touched. What is at
 * or before a row's position is not applied again. All rows of an event see the rows before it.
 */
export const foldPage = (
  projector: Projector,
  loaded: ReadonlyMap<string, Row>,
  touches: ReadonlyArray<Touch>,
): E.Either<RowFailed, ReadonlyArray<Change>> => {
  const rows = new Map<string, Change>(loaded);
  const changed = new Map<string, Change>();
  const before = (id: string): JsonObject | undefined => rows.get(id)?.body;
  for (const { recorded, ids } of touches) {
    const { position: pos } = recorded;
    const changes: Array<Change> = [];
    for (const id of ids) {
      if ((rows.get(id)?.pos ?? '') >= pos) continue;
      try {
        const body = projector.project(before(id), recorded, id, before);
        if (body !== before(id)) changes.push({ id, pos, ...(body === undefined ? {} : { body }) });
      } catch (error) {
        return E.left(failed(projector, recorded, id, error));
      }
    }
    for (const change of changes) {
      rows.set(change.id, change);
      changed.set(change.id, change);
    }
  }
  return E.right([...changed.values()]);
};
