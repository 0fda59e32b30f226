import type { JsonObject } from '../../domain/json.ts';
import { realmOf } from '../../domain/stream-names.ts';
import type { Decision } from '../../domain/trigger/decision.ts';
import { counted, timed } from './count.ts';
import type { Effects, EffectTable } from './effects.ts';
import { isReal } from './effects.ts';
import { findHeard, forget, heardIn } from './heard.ts';
import type { DurationsRow, TotalRow } from './row.ts';
import { totalIds } from './row.ts';

/** A trigger that is not carried out yet. Times: ISO 8601; null where nobody remembers, or not yet. */
export type OpenTrigger = { readonly heardAt: string | null; readonly decidedAt: string | null };

export const openTriggerId = (stream: string): string => `trigger/${stream}`;

const decided = (decisions: ReadonlyArray<Decision>, stream: string): Effects => ({
  [totalIds.decisions]: (row) =>
    decisions.reduce(
      (totals: TotalRow | undefined, { verdict, code, kind }) =>
        counted(totals, [verdict, code, kind, realmOf(stream)]),
      row as TotalRow | undefined,
    ),
});

const openOf = (row: JsonObject | undefined): OpenTrigger | undefined =>
  row as OpenTrigger | undefined;

const closed = (stream: string): Effects => ({ [openTriggerId(stream)]: () => undefined });

export const triggerEffects: EffectTable = {
  TriggerNoticed: ({ messageStream }, { stream }) => {
    if (!isReal(stream)) return {};
    const heard = heardIn(messageStream);
    return {
      [openTriggerId(stream)]: (row, before): OpenTrigger =>
        openOf(row) ?? {
          heardAt: findHeard(before(heard), messageStream)?.at ?? null,
          decidedAt: null,
        },
      [heard]: (row) => forget(row, messageStream),
    };
  },
  CandidatesDecided: ({ decisions }, { stream }) => decided(decisions, stream),
  CandidateRedecided: ({ decision }, { stream }) => decided([decision], stream),
  DecisionsCompleted: (_event, { stream, metadata: { recordedAt: at } }) => {
    const id = openTriggerId(stream);
    return {
      [id]: (row) => (row === undefined ? undefined : { ...row, decidedAt: at }),
      [totalIds.messageToDecision]: (row, before) => {
        const { heardAt = null, decidedAt = null } = openOf(before(id)) ?? {};
        if (heardAt === null || decidedAt !== null) return row;
        return timed(row as DurationsRow | undefined, 'messageToDecision', [], [heardAt, at]);
      },
    };
  },
  WaveLaunched: (_event, { stream }) => closed(stream),
  TriggerConcluded: (_event, { stream }) => closed(stream),
};
