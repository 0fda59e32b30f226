import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactCommand } from '../../domain/artifact/commands.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance, Next } from '../act.ts';
import { again, secondsFrom } from '../act.ts';
import type { RebuildDeps } from './deps.ts';

export type Step = Promise<E.Either<Hindrance, Next>>;

/** The messages that led here: the correlation of what is done for a build. */
export const correlationOf = (state: ArtifactState, triggers: ReadonlyArray<string>): string =>
  triggers.map((id) => state.causes[id]?.cause.messageId).find((id) => id !== undefined) ?? '';

/** Carries a command out on the artifact's stream; a number is claimed where one is needed. */
export const tell = async (
  deps: RebuildDeps,
  stream: string,
  correlationId: string,
  command: ArtifactCommand,
): Promise<E.Either<Hindrance, ArtifactState>> => {
  const context = { correlationId };
  const act = carryOut(deps.hand, deps.cache);
  const told = await act(stream, artifact, context, command);
  if (E.isRight(told)) return E.right(told.right.state);
  if (told.left.code !== 'number-needed' || command.type !== 'Start') return told;
  const build = await deps.claimBuildNumber(stream, context);
  if (E.isLeft(build)) return build;
  const retold = await act(stream, artifact, context, { ...command, build: build.right });
  return E.map(({ state }: { readonly state: ArtifactState }) => state)(retold);
};

/** The same where only the doing counts: afterwards the stream is looked at again. */
export const tellOn = async (
  deps: RebuildDeps,
  stream: string,
  correlationId: string,
  command: ArtifactCommand,
): Step => E.map(() => again)(await tell(deps, stream, correlationId, command));

/** When the next of several tries may be made: doubling pauses, each up to half as long again. */
export const retryAt = (
  { hand, jitter }: RebuildDeps,
  { retries }: Policy,
  failures: number,
): string => {
  const pause = retries.backOff * 2 ** Math.min(failures, 10);
  return secondsFrom(hand.now(), pause * (1 + jitter() / 2));
};
