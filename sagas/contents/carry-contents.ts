import * as E from 'fp-ts/lib/Either.js';
import type { ImageAnswer, Koji } from '../../clients/koji/port.ts';
import type { ImageContents } from '../../domain/image/events.ts';
import { image, isToAsk } from '../../domain/image/image.ts';
import type { Context, Hand } from '../../event-log/carry-out.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Act, Hindrance } from '../act.ts';
import { idle } from '../act.ts';
import { recordImageContents } from '../record-image-contents.ts';

export type ContentsDeps = {
  readonly hand: Hand;
  readonly koji: Pick<Koji, 'imageContents'>;
  /** Told of contents before they are on record, so that none is missed, whoever dies when. */
  readonly noteLateImage: (
    contents: ImageContents,
    context: Context,
  ) => Promise<E.Either<Hindrance, unknown>>;
};

type Done = E.Either<Hindrance, unknown>;
type None = { readonly code: string; readonly reason: string };

const ask = async (
  { koji }: ContentsDeps,
  build: number,
): Promise<E.Either<Hindrance, ImageAnswer>> => {
  const asked = await koji.imageContents([build])();
  if (E.isLeft(asked)) return asked;
  const [answer] = asked.right;
  if (answer !== undefined) return E.right(answer);
  return E.left({ code: 'koji-unreadable', reason: `Koji gave no answer about build ${build}.` });
};

/** Why nothing is recorded of a build; once said, it is not asked for again by this saga. */
const dismiss = (
  { hand }: ContentsDeps,
  stream: string,
  context: Context,
  nvr: string,
  { code, reason }: None,
): Promise<Done> => {
  const command = { type: 'Dismiss', nvr, code, reason } as const;
  return carryOut(hand)(stream, image, context, command);
};

const record = async (
  deps: ContentsDeps,
  stream: string,
  context: Context,
  contents: ImageContents,
): Promise<Done> => {
  const late = await deps.noteLateImage(contents, context);
  if (E.isLeft(late)) return late;
  const recorded = await recordImageContents(deps.hand, context, contents);
  if (E.isRight(recorded) || recorded.left.code !== 'too-large') return recorded;
  const { code, bytes, limit } = recorded.left;
  const reason = `What it holds takes ${bytes} bytes; at most ${limit} go into one append.`;
  return dismiss(deps, stream, context, contents.nvr, { code, reason });
};

/** What is on record under the name that Koji gives needs no looking after under any other. */
const recordAs = async (
  deps: ContentsDeps,
  stream: string,
  context: Context,
  heard: string,
  contents: ImageContents,
): Promise<Done> => {
  const recorded = await record(deps, stream, context, contents);
  const { buildId, nvr } = contents;
  if (E.isLeft(recorded) || nvr === heard) return recorded;
  const reason = `Koji calls build ${buildId} ${nvr}: what it holds is on record there.`;
  return dismiss(deps, stream, context, heard, { code: 'other-name', reason });
};

const contextOf = async (
  { hand }: ContentsDeps,
  stream: string,
): Promise<E.Either<Hindrance, Context>> => {
  const heard = await hand.log.readStream(stream, 0, 1)();
  if (E.isLeft(heard)) return heard;
  const [first] = heard.right;
  return E.right({
    correlationId: first?.metadata.correlationId ?? stream,
    ...(first === undefined ? {} : { causationId: first.id }),
  });
};

/** A build that was heard of is asked for, and what it holds is recorded; or why nothing is. */
export const carryContents =
  (deps: ContentsDeps): Act =>
  async (stream) => {
    const loaded = await loadStream(deps.hand.log)(stream, image);
    if (E.isLeft(loaded)) return loaded;
    const { heard } = loaded.right.state;
    if (heard === null || !isToAsk(loaded.right.state)) return E.right(idle);
    const context = await contextOf(deps, stream);
    if (E.isLeft(context)) return context;
    const answer = await ask(deps, heard.buildId);
    if (E.isLeft(answer)) return answer;
    const done =
      answer.right.type === 'image'
        ? await recordAs(deps, stream, context.right, heard.nvr, answer.right.contents)
        : await dismiss(deps, stream, context.right, heard.nvr, answer.right);
    return E.map(() => idle)(done);
  };
