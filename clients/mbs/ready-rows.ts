import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import { read, type Answer } from './answer.ts';
import type { MbsFailure, ReadyBuild } from './port.ts';
import { moduleBuild } from './response.ts';
import { Row } from './row.ts';

/** MBS 1 (2017) tells times as Unix seconds. */
const dateOf = (time: string | number): Date =>
  new Date(typeof time === 'number' ? time * 1000 : time);

const isTime = (given: unknown): given is string | number =>
  (typeof given === 'string' || typeof given === 'number') &&
  !Number.isNaN(dateOf(given).getTime());

/** One that is no time would hide its row from whoever asks for what changed. */
const Time = new t.Type<string | number>(
  'time',
  isTime,
  (given, context) => (isTime(given) ? t.success(given) : t.failure(given, context)),
  t.identity,
);

const ReadyRow = t.intersection(
  [Row, t.type({ time_modified: Time }), t.partial({ scratch: t.union([t.boolean, t.null]) })],
  'ready module build',
);
type ReadyRow = t.TypeOf<typeof ReadyRow>;
const Page = t.type(
  { items: t.readonlyArray(ReadyRow), meta: t.type({ pages: Count }) },
  'page of ready module builds',
);

const timeOf = (time: string | number): string => dateOf(time).toISOString();

const ready = 5;

const isWanted =
  (since: string) =>
  (row: ReadyRow): boolean =>
    row.state === ready && row.scratch !== true && timeOf(row.time_modified) >= since;

/** A page of ready rows, filtered here once more: MBS ignores a filter it does not know. */
export const readReadyRows =
  (since: string) =>
  (
    answer: Answer,
  ): E.Either<MbsFailure, { readonly builds: ReadonlyArray<ReadyBuild>; readonly pages: number }> =>
    E.map(({ items, meta }: t.TypeOf<typeof Page>) => ({
      builds: items
        .filter(isWanted(`${since.slice(0, 19)}.000Z`))
        .map((row) => ({ ...moduleBuild(row), changedAt: timeOf(row.time_modified) })),
      pages: meta.pages,
    }))(read(Page)(answer));
