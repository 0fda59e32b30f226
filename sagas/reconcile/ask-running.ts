import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { current } from '../../domain/artifact/current.ts';
import type { ArtifactState, ExternalRow, Running } from '../../domain/artifact/state.ts';
import type { Difference } from '../../domain/reconcile/state.ts';
import type { ArtifactKind } from '../../domain/stream-names.ts';
import { artifactParts } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { Look } from '../rebuild/follow.ts';
import { lookAtRow, lookAtTask } from '../rebuild/follow.ts';
import { foundTask } from '../rebuild/submit-image.ts';
import { askOpen } from './open-things.ts';
import type { ReconcileDeps } from './deps.ts';
import type { Ask, Thing } from './question.ts';
import { difference } from './question.ts';

/** How one build system is asked about builds of ours. */
type Asker = {
  readonly kind: ArtifactKind;
  readonly system: 'mbs' | 'koji';
  readonly look: Look;
  /** Ids of what there is of an attempt whose call has no outcome on record. */
  readonly find: (
    state: ArtifactState,
    running: Running,
  ) => Promise<E.Either<Hindrance, ReadonlyArray<number>>>;
};

type Of = { readonly stream: string; readonly running: Running };

const attemptIn = (state: ArtifactState, { running }: Of): Running | null =>
  current(state, { build: running.build, attempt: running.attempt.attempt });

const subjectOf = ({ artifact: id }: ArtifactState): string => {
  const { name, branch } = artifactParts(id);
  return `${name}:${branch}`;
};

const about = (state: ArtifactState, { stream, running }: Of) => ({
  ...{ stream, build: running.build, attempt: running.attempt.attempt },
  ...{ subject: subjectOf(state), action: 'look' as const },
});

const inWords = (row: ExternalRow | undefined): string | null =>
  row === undefined ? null : row.stateName.toLowerCase();

/** Whether the decider, told of the row, would have anything to write down. */
const isNews = (state: ArtifactState, externalId: number, row: ExternalRow): boolean => {
  const decided = artifact.decide(
    {
      ...{ type: 'ObserveState', externalId, ...row, via: 'poll' },
      ...{ retries: 0, retryAt: '', at: '' },
    },
    state,
  );
  return E.isRight(decided) && decided.right.length > 0;
};

/** Examines the record as it is now. */
const held =
  (
    { hand, cache }: ReconcileDeps,
    { stream }: Of,
    compare: (state: ArtifactState) => Difference | undefined,
  ): Thing['examine'] =>
  async () => {
    const loaded = await loadStream(hand.log, cache)(stream, artifact);
    return E.isLeft(loaded) ? loaded : E.right(compare(loaded.right.state));
  };

const rowThing = (
  deps: ReconcileDeps,
  { system }: Asker,
  of: Of,
  externalId: number,
  row: ExternalRow,
): Thing => ({
  examine: held(deps, of, (state) => {
    const running = attemptIn(state, of);
    if (running === null || !isNews(state, externalId, row)) return undefined;
    return difference({
      ...{ ...about(state, of), system, code: 'state-differs', externalId },
      recorded: inWords(running.attempt.rows[String(externalId)]),
      found: inWords(row),
    });
  }),
});

const foundThing = (
  deps: ReconcileDeps,
  { system }: Asker,
  of: Of,
  ids: ReadonlyArray<number>,
): Thing => ({
  examine: held(deps, of, (state) => {
    if (attemptIn(state, of)?.attempt.externalIds.length !== 0 || ids.length === 0) {
      return undefined;
    }
    return difference({
      ...{ ...about(state, of), system, code: 'outcome-unrecorded' },
      ...{ externalId: ids[0] ?? null, recorded: 'intended', found: ids.join(', ') },
    });
  }),
});

const thingsOf = async (
  deps: ReconcileDeps,
  asker: Asker,
  stream: string,
): Promise<E.Either<Hindrance, ReadonlyArray<Thing>>> => {
  const loaded = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  const { running } = state;
  if (running === null || artifactParts(state.artifact).kind !== asker.kind) return E.right([]);
  const of = { stream, running };
  const { externalIds, intent } = running.attempt;
  if (externalIds.length === 0) {
    if (intent === null) return E.right([]);
    const found = await asker.find(state, running);
    return E.map((ids: ReadonlyArray<number>) => [foundThing(deps, asker, of, ids)])(found);
  }
  const things: Array<Thing> = [];
  for (const id of externalIds) {
    const row = await asker.look(id);
    if (E.isLeft(row)) return row;
    things.push(rowThing(deps, asker, of, id, row.right));
  }
  return E.right(things);
};

/** Module builds that run by our record, row by row. */
export const askRunningModules: Ask = async (deps, course) => {
  const { mbs } = deps.outside;
  if (mbs === undefined) return undefined;
  const asker: Asker = {
    ...{ kind: 'module', system: 'mbs', look: lookAtRow({ mbs }) },
    find: async ({ name, branch }, { attempt: { commit } }) => {
      if (commit === null) return E.right([]);
      const rows = await mbs.ofCommit(name, branch, commit)();
      return E.map((all: ReadonlyArray<{ readonly id: number }>) => all.map(({ id }) => id))(rows);
    },
  };
  return askOpen(deps, course, 'rebuild', (stream) => thingsOf(deps, asker, stream));
};

/** Image builds that run by our record, task by task. */
export const askRunningImages: Ask = async (deps, course) => {
  const { koji } = deps.outside;
  if (koji === undefined) return undefined;
  const asker: Asker = {
    ...{ kind: 'image', system: 'koji', look: lookAtTask({ koji }) },
    find: (_state, { attempt: { order } }) =>
      order === null ? Promise.resolve(E.right([])) : foundTask({ koji }, order),
  };
  return askOpen(deps, course, 'rebuild', (stream) => thingsOf(deps, asker, stream));
};
