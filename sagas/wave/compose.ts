import * as E from 'fp-ts/lib/Either.js';
import { compose } from '../../domain/compose/compose.ts';
import type { ComposeCommand } from '../../domain/compose/commands.ts';
import { composeStream } from '../../domain/stream-names.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import { orderOf } from '../../domain/wave/compose-order.ts';
import { needsCompose } from '../../domain/wave/wave-of.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { WaveDeps } from './deps.ts';

type Done = Promise<E.Either<Hindrance, void>>;

const tellCompose = async (deps: WaveDeps, noticed: Noticed, command: ComposeCommand): Done => {
  const stream = composeStream('real', noticed.trigger);
  const context = { correlationId: noticed.messageId };
  const told = await carryOut(deps.hand, deps.cache)(stream, compose, context, command);
  return E.map(() => undefined)(told);
};

/** The fast flow builds with a repository of the signed builds: it is asked for once, and again when it was released. */
export const wantCompose = async (deps: WaveDeps, state: TriggerState, noticed: Noticed): Done => {
  if (!needsCompose(noticed)) return E.right(undefined);
  const { trigger, number, messageId } = noticed;
  const secondsToLive = Math.round(deps.settings.composeLifetime / 1000);
  const order = orderOf(state.decisions, state.lookups, secondsToLive);
  const at = deps.hand.now();
  return tellCompose(deps, noticed, { type: 'Want', trigger, number, messageId, order, at });
};

/** Nothing waits for the repository for now: blocked claims ask for it again when they are freed. */
export const releaseCompose = async (deps: WaveDeps, noticed: Noticed): Done =>
  needsCompose(noticed)
    ? tellCompose(deps, noticed, { type: 'Release', at: deps.hand.now() })
    : E.right(undefined);
