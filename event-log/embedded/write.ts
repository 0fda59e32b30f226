import * as E from 'fp-ts/lib/Either.js';
import type { Admitted } from '../admit.ts';
import type { Appended, Conflict, ExpectedRevision } from '../event-log.ts';
import { positionOf } from './position.ts';
import type { Database } from './sqlite.ts';

export type Append = {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: ReadonlyArray<Admitted>;
};
export type Outcome = E.Either<Conflict, Appended>;

const columns = '(stream, revision, id, type, data, metadata)';
const places = '?1, ?2, ?3, ?4, ?5, ?6';

/**
 * One append within the transaction that is open. Where the revision is not the expected one, it
 * is a repetition if the ids after the expected revision are these very ids, and a conflict if not
 * (the rule of EventStoreDB's server). Only the first insert can be refused, so nothing is left half.
 */
export const preparedWrite = (db: Database): ((append: Append) => Outcome) => {
  const begin = db.prepare(
    `INSERT INTO events ${columns} VALUES (${places}) ON CONFLICT (stream, revision) DO NOTHING`,
  );
  const goOn = db.prepare(
    `INSERT INTO events ${columns} SELECT ${places}
     WHERE EXISTS (SELECT 1 FROM events WHERE stream = ?1 AND revision = ?2 - 1)
     ON CONFLICT (stream, revision) DO NOTHING`,
  );
  const newest = db.prepare(
    'SELECT revision FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1',
  );
  const written = db.prepare(
    'SELECT id, position FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?',
  );

  const answerFor = ({ stream, expected, events }: Append, before: number): Outcome => {
    const rows = written.all([stream, before, events.length]);
    const position = rows.at(-1)?.[1];
    const isRepetition = events.every(({ id }, index) => rows[index]?.[0] === id);
    if (isRepetition) {
      return E.right({ revision: before + events.length, position: positionOf(Number(position)) });
    }
    const actual = newest.get([stream])?.[0];
    const found = actual === undefined ? 'no-stream' : Number(actual);
    return E.left({ code: 'conflict', stream, expected, actual: found });
  };

  return (append) => {
    const { stream, expected, events } = append;
    const before = expected === 'no-stream' ? -1 : expected;
    let revision = before;
    let row = 0;
    for (const { id, type, data, metadata } of events) {
      const insert = revision < 0 ? begin : goOn;
      revision += 1;
      const result = insert.run([stream, revision, id, type, data, metadata]);
      if (result.changes === 0) return answerFor(append, before);
      row = result.row;
    }
    return E.right({ revision, position: positionOf(row) });
  };
};
