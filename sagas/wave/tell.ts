import * as E from 'fp-ts/lib/Either.js';
import type { Noticed, TriggerCommand, TriggerState } from '../../domain/trigger/trigger.ts';
import { trigger } from '../../domain/trigger/trigger.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance, Next } from '../act.ts';
import { again } from '../act.ts';
import type { WaveDeps } from './deps.ts';

export type Step = Promise<E.Either<Hindrance, Next>>;

/** Carries a command out on the trigger's stream; afterwards the stream is looked at again. */
export const tell = async (
  deps: WaveDeps,
  stream: string,
  { messageId }: Noticed,
  command: TriggerCommand,
): Step => {
  const context = { correlationId: messageId };
  const told = await carryOut(deps.hand, deps.cache)(stream, trigger, context, command);
  return E.isLeft(told) ? told : E.right(again);
};

/** What was looked up before under this name is known, and not asked again. */
export const isUnknown = (state: TriggerState, question: string): boolean =>
  !Object.hasOwn(state.lookups, question);
