import * as E from 'fp-ts/lib/Either.js';
import type {
  ImageContents,
  ImageContentsRecorded,
  ImageEvent,
  ImageRpm,
} from '../domain/image/events.ts';
import { imageContentsStream } from '../domain/stream-names.ts';
import type { Context, Hand, Loaded } from '../event-log/carry-out.ts';
import { appendEvents } from '../event-log/carry-out.ts';
import type { AppendFailure, LogFailure } from '../event-log/event-log.ts';

type Head = Loaded<unknown>['head'];

/** Well below what one event may hold (256 KiB), however long the names are. */
const mostRpms = 1500;
const mostBytes = 200_000;
const tries = 5;
const recordedType: ImageContentsRecorded['type'] = 'ImageContentsRecorded';

const inParts = (rpms: ReadonlyArray<ImageRpm>): ReadonlyArray<ReadonlyArray<ImageRpm>> => {
  const parts: Array<Array<ImageRpm>> = [];
  let bytes = mostBytes;
  for (const rpm of rpms) {
    const size = Buffer.byteLength(JSON.stringify(rpm)) + 1;
    const part = parts.at(-1);
    if (part === undefined || part.length === mostRpms || bytes + size > mostBytes) {
      parts.push([rpm]);
      bytes = size;
    } else {
      part.push(rpm);
      bytes += size;
    }
  }
  return parts;
};

/** The events of one append: the RPMs in parts, and the event that makes them count. */
export const contentsInParts = (contents: ImageContents): ReadonlyArray<ImageEvent> => {
  const { rpms, ...facts } = contents;
  const { buildId, nvr, name, branch } = facts;
  const parts = inParts(rpms);
  return [
    ...parts.map((part, index): ImageEvent => ({
      ...{ type: 'ImageContentsPart', buildId, nvr, name, branch, part: index, rpms: part },
    })),
    { type: recordedType, ...facts, parts: parts.length },
  ];
};

/** Where the stream stands, or that the contents are on record already. */
const standing = async (
  { log }: Hand,
  stream: string,
): Promise<E.Either<LogFailure, { readonly head: Head } | 'known'>> => {
  const last = await log.last(stream)();
  if (E.isLeft(last)) return last;
  if (last.right === undefined) return E.right({ head: undefined });
  const { type, revision, metadata } = last.right;
  if (type === recordedType) return E.right('known');
  return E.right({ head: { revision, hash: metadata.hash } });
};

/**
 * Writes down once, for ever, what one image build holds, after whatever its stream says of it so
 * far; knowing it already is fine. Left `too-large` where it does not fit into one append.
 */
export const recordImageContents = async (
  hand: Hand,
  context: Context,
  contents: ImageContents,
): Promise<E.Either<AppendFailure, 'recorded' | 'known'>> => {
  const stream = imageContentsStream(contents.nvr);
  const events = contentsInParts(contents);
  for (let attempt = 1; ; attempt += 1) {
    const stands = await standing(hand, stream);
    if (E.isLeft(stands)) return stands;
    if (stands.right === 'known') return E.right('known');
    const appended = await appendEvents(hand)(stream, stands.right.head, context, events);
    if (E.isRight(appended)) return E.right('recorded');
    if (appended.left.code !== 'conflict' || attempt === tries) return appended;
  }
};
