import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { read, unreadable, type Answer } from './answer.ts';
import type { MbsFailure } from './port.ts';
import { Row } from './row.ts';

const Rows = t.type({ items: t.readonlyArray(Row) }, 'page of module builds');
const maybeText = t.union([t.string, t.null, t.undefined], 'text or null');
const Tasks = t.type(
  { rpms: t.record(t.string, t.type({ nvr: maybeText }, 'component'), 'components') },
  'tasks',
);

/** As a module's NVR writes a stream. */
const flat = (stream: string): string => stream.replaceAll('-', '_');

const nvrsOf = ({ tasks }: Row): ReadonlyArray<string> | undefined => {
  const decoded = Tasks.decode(tasks);
  if (E.isLeft(decoded)) return undefined;
  return Object.values(decoded.right.rpms).flatMap(({ nvr }) => nvr ?? []);
};

/** What the rows of one version are made of, as far as they are of the stream. */
export const readRpmBuilds =
  (name: string, stream: string) =>
  (answer: Answer): E.Either<MbsFailure, ReadonlyArray<string>> => {
    const page = read(Rows)(answer);
    if (E.isLeft(page)) return page;
    const rows = page.right.items.filter(
      (row) => row.name === name && flat(row.stream) === flat(stream),
    );
    if (rows.length === 0) {
      const reason = `${answer.asked}: MBS has no such build of ${name}:${stream}.`;
      return E.left({ code: 'mbs-missing', reason });
    }
    const found = rows.map(nvrsOf);
    if (found.includes(undefined)) {
      return E.left(unreadable(answer, 'a row does not name its components (tasks.rpms.*.nvr)'));
    }
    return E.right([...new Set(found.flatMap((nvrs) => nvrs ?? []))].sort());
  };
