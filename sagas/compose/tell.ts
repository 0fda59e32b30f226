import * as E from 'fp-ts/lib/Either.js';
import type { ComposeCommand } from '../../domain/compose/commands.ts';
import { compose } from '../../domain/compose/compose.ts';
import type { ComposeState } from '../../domain/compose/state.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance, Next } from '../act.ts';
import { again, secondsFrom } from '../act.ts';
import type { ComposeDeps } from './deps.ts';

export type Step = Promise<E.Either<Hindrance, Next>>;

/** A compose's stream as it was read. */
export type Work = { readonly stream: string; readonly state: ComposeState };

/** Carries a command out on the compose's stream; the message that led to the trigger correlates. */
export const tell = async (
  { hand, cache }: ComposeDeps,
  { stream, state }: Work,
  command: ComposeCommand,
): Promise<E.Either<Hindrance, ComposeState>> => {
  const context = { correlationId: state.messageId };
  const told = await carryOut(hand, cache)(stream, compose, context, command);
  return E.map((done: { readonly state: ComposeState }) => done.state)(told);
};

/** The same where only the doing counts: afterwards the stream is looked at again. */
export const tellOn = async (deps: ComposeDeps, work: Work, command: ComposeCommand): Step =>
  E.map(() => again)(await tell(deps, work, command));

/** When the next of several tries may be made: doubling pauses, each up to half as long again. */
export const retryAt = (
  { hand, jitter }: ComposeDeps,
  { retries }: Policy,
  failures: number,
): string => {
  const pause = retries.backOff * 2 ** Math.min(failures, 10);
  return secondsFrom(hand.now(), pause * (1 + jitter() / 2));
};
