import * as E from 'fp-ts/lib/Either.js';
import type { Decider } from '../decider.ts';
import type { ImageEvent } from './events.ts';

export type ImageState = {
  /** The build in Koji that may be an image; null while nothing was heard of it. */
  readonly heard: { readonly buildId: number; readonly nvr: string } | null;
  readonly recorded: boolean;
  /** The code it was dismissed with. */
  readonly dismissed: string | null;
};

export type ImageCommand =
  | { readonly type: 'Hear'; readonly buildId: number; readonly nvr: string }
  | {
      readonly type: 'Dismiss';
      readonly nvr: string;
      readonly code: string;
      readonly reason: string;
    };

const initial: ImageState = { heard: null, recorded: false, dismissed: null };

const evolve = (state: ImageState, event: ImageEvent): ImageState => {
  switch (event.type) {
    case 'ImageBuildHeard':
      return { ...state, heard: { buildId: event.buildId, nvr: event.nvr } };
    case 'ImageContentsPart':
      return state;
    case 'ImageContentsRecorded':
      return { ...state, recorded: true };
    case 'ImageBuildDismissed':
      return { ...state, dismissed: event.code };
  }
};

const isSettled = ({ recorded, dismissed }: ImageState): boolean => recorded || dismissed !== null;

const decide = (
  command: ImageCommand,
  state: ImageState,
): E.Either<never, ReadonlyArray<ImageEvent>> => {
  if (isSettled(state)) return E.right([]);
  if (command.type === 'Hear') {
    const { buildId, nvr } = command;
    return E.right(state.heard === null ? [{ type: 'ImageBuildHeard', buildId, nvr }] : []);
  }
  const { nvr, code, reason } = command;
  return E.right([{ type: 'ImageBuildDismissed', nvr, code, reason }]);
};

/** What is known of one finished build that may be an image. Its contents are recorded once. */
export const image: Decider<ImageCommand, ImageState, ImageEvent, never> = {
  initial,
  evolve,
  decide,
};

/** Koji is to be asked what the build holds. */
export const isToAsk = (state: ImageState): boolean => state.heard !== null && !isSettled(state);
