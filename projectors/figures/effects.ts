import type { JsonObject } from '../../domain/json.ts';
import type { DomainEvent } from '../../domain/catalogue.ts';
import { realmOf } from '../../domain/stream-names.ts';
import type { Recorded } from '../projector.ts';

/** Shows the rows that an event touches as they were before it. */
export type Before = (id: string) => JsonObject | undefined;

/** What an event does to rows, by their ids: the row after it; undefined for no row. */
export type Effects = Readonly<
  Record<string, (row: JsonObject | undefined, before: Before) => JsonObject | undefined>
>;

export type Of<Type extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: Type }>;

/** What each type of event does; types that are not listed do nothing. */
export type EffectTable = {
  readonly [Type in DomainEvent['type']]?: (event: Of<Type>, recorded: Recorded) => Effects;
};

/** Durations are of real work alone: a rehearsal's would only blur them. */
export const isReal = (stream: string): boolean => realmOf(stream) === 'real';
