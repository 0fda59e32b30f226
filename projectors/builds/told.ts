import type { Cause } from '../../domain/artifact/cause-events.ts';
import { eventTypeIds } from '../event-type-ids.ts';
import type { AttemptRow, BuildRow, OrderRow } from './row.ts';

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

/** The arguments of the original service's image builds, by its names. */
const imageArgs = ({ repository, target, parent, ...order }: OrderRow) => ({
  repository,
  target,
  release: order.release,
  parent,
  original_parent: order.originalParent,
  arches: order.arches.join(' '),
  renewed_odcs_compose_ids: [],
  flatpak: false,
  isolated: false,
});

const argsOf = (branch: string | null, last: AttemptRow): BuildRow['buildArgs'] => ({
  branch,
  commit: last.commit,
  ...(last.order === undefined ? {} : imageArgs(last.order)),
  attempt: last.attempt,
  external_ids: last.externalIds,
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
  return { ...row, attempts, buildArgs: argsOf(row.branch, last) };
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
