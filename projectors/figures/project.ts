import type { DomainEvent } from '../../domain/catalogue.ts';
import type { Projector, Recorded } from '../projector.ts';
import { typesOf } from '../tellers.ts';
import { buildEffects } from './build-effects.ts';
import type { Effects, EffectTable } from './effects.ts';
import { messageEffects } from './message-effects.ts';
import { figuresModel } from './row.ts';
import { triggerEffects } from './trigger-effects.ts';

const table: EffectTable = { ...messageEffects, ...triggerEffects, ...buildEffects };

const effectsOf = (recorded: Recorded): Effects => {
  const { event } = recorded;
  const effects = table[event.type] as
    ((event: DomainEvent, recorded: Recorded) => Effects) | undefined;
  return effects?.(event, recorded) ?? {};
};

/**
 * How many messages, decisions and builds of which kind there were, and how long things took: what
 * the metrics show, counted once from the log and not in each process.
 */
export const figuresProjector: Projector = {
  model: figuresModel,
  categories: ['message', 'trigger', 'artifact'].flatMap((name) => [name, `dry_${name}`]),
  types: typesOf(table),
  touches: (recorded) => Object.keys(effectsOf(recorded)),
  project: (row, recorded, id, before = () => undefined) => {
    const effect = effectsOf(recorded)[id];
    return effect === undefined ? row : effect(row, before);
  },
};
