import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';
import type { Json } from '../../domain/json.ts';
import { isJsonObject } from '../../domain/json.ts';
import type { EventLog, LogFailure } from '../../event-log/event-log.ts';
import type { Cursor, CursorFailure } from './cursor.ts';

export type CursorHome = {
  readonly log: EventLog;
  readonly logId: string;
  /** Told when a cursor that was kept is not used. */
  readonly report: (sentence: string) => void;
};

/** The newest event of the log when the cursor was kept; null while the log held none. */
type Head = { readonly position: string; readonly hash: string } | null;
type Kept = { readonly logId: string; readonly cursor: string; readonly head: Head };

const unavailable =
  (file: string) =>
  (error: unknown): CursorFailure => ({
    code: 'cursor-unavailable',
    reason: `cursor file ${file}: ${error instanceof Error ? error.message : String(error)}`,
  });

const logFailure = ({ reason }: LogFailure): CursorFailure => ({
  code: 'cursor-unavailable',
  reason: `the log cannot tell whether the cursor is its own: ${reason}`,
});

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

const read = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
};

const headOf = (head: Json | undefined): Head | undefined => {
  if (head === null) return null;
  if (!isJsonObject(head)) return undefined;
  const { position, hash } = { position: head['position'], hash: head['hash'] };
  return typeof position === 'string' && typeof hash === 'string' ? { position, hash } : undefined;
};

const keptIn = (text: string): Kept | undefined => {
  const kept = parsed(text);
  if (!isJsonObject(kept)) return undefined;
  const { logId, cursor, head } = {
    logId: kept['logId'],
    cursor: kept['cursor'],
    head: headOf(kept['head']),
  };
  if (typeof logId !== 'string' || typeof cursor !== 'string') return undefined;
  return head === undefined ? undefined : { logId, cursor, head };
};

const newestOf = (log: EventLog): TE.TaskEither<LogFailure, Head> =>
  TE.chain((position: string) =>
    TE.map((event: { readonly metadata: { readonly hash: string } } | undefined): Head =>
      event === undefined ? null : { position, hash: event.metadata.hash },
    )(log.at(position)),
  )(log.head());

/** Why a cursor is not this log's; undefined when it is. */
const distrust = async (
  { log, logId }: CursorHome,
  kept: Kept | undefined,
): Promise<E.Either<CursorFailure, string | undefined>> => {
  if (kept === undefined) return E.right('it is not in the form this version keeps');
  if (kept.logId !== logId) {
    return E.right(`it belongs to log ${kept.logId}, but this is log ${logId}`);
  }
  if (kept.head === null) return E.right(undefined);
  const found = await log.at(kept.head.position)();
  if (E.isLeft(found)) return E.left(logFailure(found.left));
  if (found.right?.metadata.hash === kept.head.hash) return E.right(undefined);
  const { position } = kept.head;
  return E.right(`the log does not hold the event it held at ${position}: it is an older copy`);
};

/**
 * Keeps a cursor in a file of its own, replaced as a whole so that it is never half written, with
 * the log it belongs to. A cursor that is not this log's is reported once and given up: the feed is
 * read from its beginning, and what is on record already is seen before.
 */
export const fileCursor = (file: string, home: CursorHome): Cursor => {
  const write = (kept: Kept): TE.TaskEither<CursorFailure, void> =>
    TE.tryCatch(async () => {
      const own = `${file}.${randomUUID()}`; // several processes may keep one cursor
      await writeFile(own, `${JSON.stringify(kept)}\n`);
      await rename(own, file);
    }, unavailable(file));
  const save: Cursor['save'] = (cursor) =>
    TE.chain((head: Head) => write({ logId: home.logId, cursor, head }))(
      TE.mapLeft(logFailure)(newestOf(home.log)),
    );
  const load: Cursor['load'] = () => async () => {
    const text = await TE.tryCatch(() => read(file), unavailable(file))();
    if (E.isLeft(text) || text.right === undefined) return text;
    const kept = keptIn(text.right);
    const why = await distrust(home, kept);
    if (E.isLeft(why)) return why;
    if (kept !== undefined && why.right === undefined) return E.right(kept.cursor);
    const anew = await save('')();
    if (E.isLeft(anew)) return anew;
    home.report(
      `feed: the cursor in ${file} is not used: ${why.right ?? ''}. The feed is read from its beginning.`,
    );
    return E.right('');
  };
  return { load, save };
};
