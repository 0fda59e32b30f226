import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent } from '../../domain/catalogue.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Change } from '../../projectors/fold-page.ts';
import { foldPage, touchesOf } from '../../projectors/fold-page.ts';
import type { Projector, Recorded } from '../../projectors/projector.ts';
import type { Row } from '../../projectors/read-models.ts';

/** Something that happened in a stream; times and hashes are made up. */
export type Told = { readonly stream: string; readonly event: DomainEvent; readonly at?: string };

export const inStream =
  (stream: string, at = '2026-03-01T10:20:30.456Z') =>
  (event: DomainEvent): Told => ({ stream, event, at });

/** Gives a history the places that a log would give it. */
export const record = (history: ReadonlyArray<Told>): ReadonlyArray<Recorded> => {
  const heads = new Map<string, number>();
  return history.map(({ stream, event, at = '2026-03-01T10:20:30.456Z' }, index) => {
    const revision = (heads.get(stream) ?? -1) + 1;
    heads.set(stream, revision);
    return {
      ...{ id: `id-${index}`, stream, revision, event },
      position: String(index + 1).padStart(20, '0'),
      metadata: {
        ...{ correlationId: 'c', actor: 'test', recordedAt: at, schema: 1, codeVersion: 'v' },
        ...{ prev: null, hash: `hash-${index}` },
      },
    };
  });
};

export type Rows = ReadonlyMap<string, Row>;

const hasBody = (change: Change): change is Row => change.body !== undefined;

/** Folds one page into rows, as the runner does. */
export const foldInto = (projector: Projector, rows: Rows, page: ReadonlyArray<Recorded>): Rows => {
  const wanted = page.filter(
    ({ stream, event }) =>
      projector.categories.includes(stream.split('-', 1)[0] ?? '') &&
      projector.types.includes(event.type),
  );
  const folded = foldPage(projector, rows, touchesOf(projector, wanted));
  if (E.isLeft(folded)) throw new Error(folded.left.reason);
  const next = new Map(rows);
  for (const change of folded.right) {
    if (hasBody(change)) next.set(change.id, change);
    else next.delete(change.id);
  }
  return next;
};

/** The bodies of all rows that a history leaves. */
export const bodiesAfter = (
  projector: Projector,
  history: ReadonlyArray<Told>,
): Readonly<Record<string, JsonObject>> => {
  const rows = foldInto(projector, new Map(), record(history));
  return Object.fromEntries([...rows].map(([id, row]) => [id, row.body]));
};
