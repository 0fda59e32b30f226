import type { Cause } from '../../domain/artifact/cause-events.ts';
import { eventTypeIds } from '../event-type-ids.ts';
import type { AttemptRow, BuildRow } from './row.ts';

/** What the row has to remember of a trigger, for when its claim moves to another build. */
export type CauseTold = Pick<Cause, 'trigger' | 'number' | 'kind' | 'searchKey' | 'reason'>;

/** The row with what only its own projector needs. */
export type ToldBuild = BuildRow & { readonly causes: ReadonlyArray<CauseTold> };

const reasonOf = (causes: ReadonlyArray<CauseTold>): BuildRow['rebuildReason'] => {
  if (causes.length === 0) return 'unknown';
  const isDirect = causes.some((cause) => cause.reason === 'directly_affected');
  return isDirect ? 'directly_affected' : 'dependency';
};

/** The events of a build are those of its causes; the first one stands for it. */
export const withCauses = (row: ToldBuild, causes: ReadonlyArray<CauseTold>): ToldBuild => {
  const [first] = causes;
  return {
    ...row,
    causes,
    rebuildReason: reasonOf(causes),
    eventId: first?.number ?? row.eventId,
    eventIds: [...new Set(causes.map((cause) => cause.number))],
    eventTypeId: first === undefined ? row.eventTypeId : (eventTypeIds.get(first.kind) ?? null),
    eventSearchKey: first?.searchKey ?? row.eventSearchKey,
  };
};

const untried = (attempt: number): AttemptRow => ({
  attempt,
  commit: null,
  externalIds: [],
  outcome: null,
  reason: null,
});

/** Changes what is told of one attempt, which may be its first mention. */
export const withAttempt = (
  row: ToldBuild,
  attempt: number,
  change: Partial<AttemptRow>,
): ToldBuild => {
  const known = row.attempts.find((other) => other.attempt === attempt) ?? untried(attempt);
  const others = row.attempts.filter((other) => other.attempt !== attempt);
  const attempts = [...others, { ...known, ...change }].sort((a, b) => a.attempt - b.attempt);
  const last = attempts.at(-1) ?? known;
  const { commit, externalIds } = last;
  const buildArgs = {
    branch: row.branch,
    commit,
    attempt: last.attempt,
    external_ids: externalIds,
  };
  return { ...row, attempts, buildArgs };
};

/** Says how the last attempt ended; a build that was never tried has none. */
export const withLastOutcome = (
  row: ToldBuild,
  outcome: string,
  reason: string | null,
): ToldBuild => {
  const last = row.attempts.at(-1);
  return last === undefined ? row : withAttempt(row, last.attempt, { outcome, reason });
};
