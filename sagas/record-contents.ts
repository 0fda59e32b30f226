import * as E from 'fp-ts/lib/Either.js';
import type { MbsFailure } from '../clients/mbs/port.ts';
import type { ModuleContents } from '../domain/module/events.ts';
import { moduleContentsStream } from '../domain/stream-names.ts';
import type { Context, Hand } from '../event-log/carry-out.ts';
import { appendEvents } from '../event-log/carry-out.ts';
import type { AppendFailure } from '../event-log/event-log.ts';

/** Writes down once, for ever, what a module build holds; knowing it already is fine. */
export const recordContents = async (
  hand: Hand,
  context: Context,
  contents: ModuleContents,
): Promise<E.Either<AppendFailure, 'recorded' | 'known'>> => {
  const { name, stream, version, context: moduleContext } = contents;
  const nsvc = `${name}:${stream}:${version}:${moduleContext}`;
  const recorded = await appendEvents(hand)(moduleContentsStream(nsvc), undefined, context, [
    contents,
  ]);
  if (E.isRight(recorded)) return E.right('recorded');
  return recorded.left.code === 'conflict' ? E.right('known') : recorded;
};

/** A row MBS cannot describe (any more) holds nothing up; everything else is tried again. */
export const isBeyondDescribing = (failure: MbsFailure): boolean =>
  failure.code === 'mbs-missing' || failure.code === 'mbs-unreadable';
