import type { AttemptRow, BuildRow } from '../../projectors/builds/row.ts';
import type { ComposeRow } from '../../projectors/composes/row.ts';

/** Builds by their numbers. */
type Builds = ReadonlyMap<number, BuildRow>;

const tryOf = (builds: Builds, build: number, attempt: number): AttemptRow | undefined =>
  builds.get(build)?.attempts.find((each) => each.attempt === attempt);

/** The compose of a trigger: what it is made of, what became of it, and which builds used it. */
export const composeJson = (row: ComposeRow, builds: Builds) => ({
  arches: row.arches,
  attempts: row.attempts.map(({ attempt, renews, composeId, outcome, reason }) => ({
    attempt,
    compose_id: composeId,
    outcome,
    reason,
    renews,
  })),
  builds: row.builds,
  compose_id: row.composeId,
  composes: row.composes.map(({ id, state, stateName, stateReason, repofile, expiresAt }) => ({
    expires_at: expiresAt,
    id,
    repofile,
    state,
    state_name: stateName,
    state_reason: stateReason,
  })),
  event_id: row.eventId,
  expires_at: row.expiresAt,
  packages: row.packages,
  repofile: row.repofile,
  sigkeys: row.sigkeys,
  state: row.state,
  state_reason: row.stateReason,
  trigger: row.trigger,
  used_by: row.usedBy.map(({ build, attempt, composeId }) => ({
    artifact: builds.get(build)?.artifact ?? null,
    attempt,
    build,
    compose_id: composeId,
    nvr: tryOf(builds, build, attempt)?.nvr ?? null,
    outcome: tryOf(builds, build, attempt)?.outcome ?? null,
    url: `/api/1/builds/${build}`,
  })),
  wanted_at: row.wantedAt,
});
