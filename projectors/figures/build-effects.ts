import type { JsonObject } from '../../domain/json.ts';
import { artifactParts, realmOf, triggerStream } from '../../domain/stream-names.ts';
import { counted, timed } from './count.ts';
import type { Effects, EffectTable } from './effects.ts';
import { isReal } from './effects.ts';
import type { DurationsRow, TotalRow } from './row.ts';
import { totalIds } from './row.ts';
import type { OpenTrigger } from './trigger-effects.ts';
import { openTriggerId } from './trigger-effects.ts';

/** A build that has not ended. Times: ISO 8601. */
type OpenBuild = {
  readonly state: 'planned' | 'building';
  /** When each claim that it answers was decided, until it is requested. */
  readonly decided: Readonly<Record<string, string>>;
  readonly requestedAt: string | null;
};

const openBuildId = (build: number): string => `build/${build}`;
const openOf = (row: JsonObject | undefined): OpenBuild | undefined => row as OpenBuild | undefined;
const totals = (row: JsonObject | undefined) => row as TotalRow | undefined;
const durations = (row: JsonObject | undefined) => row as DurationsRow | undefined;

const kindOf = (stream: string): string =>
  artifactParts(stream.slice(stream.indexOf('-') + 1)).kind;

const planned = (build: number, stream: string): Effects => {
  const id = openBuildId(build);
  return {
    [id]: (row): OpenBuild => openOf(row) ?? { state: 'planned', decided: {}, requestedAt: null },
    [totalIds.openBuilds]: (row, before) =>
      before(id) === undefined
        ? counted(totals(row), [kindOf(stream), 'planned', realmOf(stream)])
        : row,
  };
};

const without = (decided: OpenBuild['decided'], trigger: string): OpenBuild['decided'] =>
  Object.fromEntries(Object.entries(decided).filter(([other]) => other !== trigger));

const claimed = (build: number, trigger: string, stream: string): Effects => {
  const triggerId = openTriggerId(triggerStream(realmOf(stream), trigger));
  return {
    [triggerId]: (row) => row,
    [openBuildId(build)]: (row, before) => {
      const open = openOf(row);
      const decidedAt = (before(triggerId) as OpenTrigger | undefined)?.decidedAt ?? null;
      if (open === undefined || decidedAt === null) return row;
      return { ...open, decided: { ...open.decided, [trigger]: decidedAt } };
    },
  };
};

const unclaimed = (build: number, trigger: string): Effects => ({
  [openBuildId(build)]: (row) => {
    const open = openOf(row);
    return open === undefined ? row : { ...open, decided: without(open.decided, trigger) };
  },
});

const moved = (trigger: string, from: number, build: number): Effects => ({
  ...unclaimed(from, trigger),
  [openBuildId(build)]: (row, before) => {
    const open = openOf(row);
    const at = openOf(before(openBuildId(from)))?.decided[trigger];
    if (open === undefined || at === undefined) return row;
    return { ...open, decided: { ...open.decided, [trigger]: at } };
  },
});

const requested = (build: number, stream: string, at: string): Effects => {
  const id = openBuildId(build);
  const kind = kindOf(stream);
  return {
    [id]: (row) => {
      const open = openOf(row);
      if (open === undefined) return undefined;
      return { state: 'building', decided: {}, requestedAt: open.requestedAt ?? at };
    },
    [totalIds.openBuilds]: (row, before) => {
      if (openOf(before(id))?.state !== 'planned') return row;
      const one = counted(totals(row), [kind, 'planned', realmOf(stream)], -1);
      return counted(one, [kind, 'building', realmOf(stream)]);
    },
    [totalIds.decisionToRequest]: (row, before) =>
      Object.values(openOf(before(id))?.decided ?? {}).reduce<DurationsRow | undefined>(
        (told, decidedAt) => timed(told, 'decisionToRequest', [kind], [decidedAt, at]),
        durations(row),
      ),
  };
};

const ended = (build: number, stream: string, outcome: string, at: string): Effects => {
  const id = openBuildId(build);
  const [kind, realm] = [kindOf(stream), realmOf(stream)];
  return {
    [id]: () => undefined,
    [totalIds.endings]: (row) => counted(totals(row), [kind, outcome, realm]),
    [totalIds.openBuilds]: (row, before) => {
      const open = openOf(before(id));
      return open === undefined ? row : counted(totals(row), [kind, open.state, realm], -1);
    },
    [totalIds.requestToFinish]: (row, before) => {
      const from = openOf(before(id))?.requestedAt ?? null;
      if (from === null || !isReal(stream)) return row;
      return timed(durations(row), 'requestToFinish', [kind], [from, at]);
    },
  };
};

export const buildEffects: EffectTable = {
  BuildPlanned: ({ build }, { stream }) => planned(build, stream),
  CauseTaken: ({ build, cause }, { stream }) => claimed(build, cause.trigger, stream),
  CauseMoved: ({ trigger, from, build }) => moved(trigger, from, build),
  CauseWithdrawn: ({ trigger, build }) => unclaimed(build, trigger),
  BuildSubmitted: ({ build }, { stream, metadata }) =>
    requested(build, stream, metadata.recordedAt),
  BuildSucceeded: ({ build }, { stream, metadata }) =>
    ended(build, stream, 'succeeded', metadata.recordedAt),
  BuildFailed: ({ build }, { stream, metadata }) =>
    ended(build, stream, 'failed', metadata.recordedAt),
  BuildCanceled: ({ build }, { stream, metadata }) =>
    ended(build, stream, 'canceled', metadata.recordedAt),
  BuildRehearsed: ({ build }, { stream, metadata }) =>
    ended(build, stream, 'rehearsed', metadata.recordedAt),
  BuildRevived: (_event, { stream }) => ({
    [totalIds.endings]: (row) => counted(totals(row), [kindOf(stream), 'revived', realmOf(stream)]),
  }),
};
