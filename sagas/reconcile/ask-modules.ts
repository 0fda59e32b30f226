import * as E from 'fp-ts/lib/Either.js';
import type { ReadyBuild } from '../../clients/mbs/port.ts';
import { artifact } from '../../domain/artifact/artifact.ts';
import type { ArtifactState } from '../../domain/artifact/state.ts';
import type { Difference } from '../../domain/reconcile/state.ts';
import { reconcileStream } from '../../domain/reconcile/events.ts';
import { artifactStream, moduleArtifact, triggerStream } from '../../domain/stream-names.ts';
import type { ModuleStateReading } from '../../domain/trigger/reading.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { ReconcileDeps } from './deps.ts';
import { allPages } from './pages.ts';
import type { Ask, Course, Thing } from './question.ts';
import { difference, sinceMark } from './question.ts';

/** As the topic of module states reads its message: whoever tells first, the trigger is one. */
const readingOf = (build: ReadyBuild): ModuleStateReading => ({
  ...{ kind: 'MBSModuleStateChangeEvent', id: `mbs:${build.id}`, searchKey: String(build.id) },
  ...{ buildId: build.id, name: build.name, stream: build.stream },
  ...{ version: build.version, context: build.context },
  ...{ state: build.state, stateName: build.stateName, stateReason: build.stateReason },
  commit: build.commit,
});

const about = (build: ReadyBuild) => ({
  ...{ system: 'mbs' as const, externalId: build.id, found: build.stateName },
  subject: [build.name, build.stream, build.version, build.context]
    .filter((part) => part !== null)
    .join(':'),
});

const lateReady = ({ id: externalId, commit }: ReadyBuild) =>
  commit === null ? undefined : ({ type: 'NoteLateReady', externalId, commit } as const);

const isLate = (state: ArtifactState, build: ReadyBuild): boolean => {
  const command = lateReady(build);
  if (command === undefined) return false;
  const decided = artifact.decide(command, state);
  return E.isRight(decided) && decided.right.length > 0;
};

/** Rows of a call without an outcome belong to it; those of a build that was given up count as late. */
const isExpected = (state: ArtifactState, { id, commit }: ReadyBuild): boolean => {
  if (state.ownIds.includes(id) || state.late?.externalIds.includes(id) === true) return true;
  const attempt = state.running?.attempt;
  return attempt?.commit === commit && attempt.externalIds.length === 0;
};

const ofOurs = (
  state: ArtifactState,
  stream: string,
  build: ReadyBuild,
): Difference | undefined => {
  const ours = build.commit === null ? undefined : state.ownCommits[build.commit];
  const of = { ...about(build), stream, build: ours ?? null };
  if (isLate(state, build)) {
    return difference({ ...of, code: 'late-success', recorded: 'failed', action: 'noticed' });
  }
  if (isExpected(state, build)) return undefined;
  return difference({ ...of, code: 'unknown-to-us', action: 'none' });
};

const isOurs = ({ ownIds, ownCommits }: ArtifactState, { id, commit }: ReadyBuild): boolean =>
  ownIds.includes(id) || (commit !== null && commit in ownCommits);

type Done = Promise<E.Either<Hindrance, unknown>>;

const notice = async (
  { noticeTrigger, realm }: ReconcileDeps,
  { run }: Course,
  build: ReadyBuild,
): Done =>
  noticeTrigger(
    'real',
    { correlationId: `reconcile-${run}` },
    {
      ...{ messageId: `reconcile-${run}`, messageStream: reconcileStream(realm) },
      ...{ sentAt: build.changedAt, reading: readingOf(build) },
    },
  );

/** What was rehearsed counts as heard: going over to real must not act on all of it at once. */
const heardOf = async ({ hand }: ReconcileDeps, trigger: string) => {
  for (const realm of ['real', 'rehearsal'] as const) {
    const heard = await hand.log.last(triggerStream(realm, trigger))();
    if (E.isLeft(heard) || heard.right !== undefined) return heard;
  }
  return E.right(undefined);
};

const thingOf = (deps: ReconcileDeps, course: Course, build: ReadyBuild): Thing => {
  const { hand, cache } = deps;
  const stream = artifactStream('real', moduleArtifact(build.name, build.stream));
  const trigger = triggerStream('real', readingOf(build).id);
  return {
    examine: async () => {
      const loaded = await loadStream(hand.log, cache)(stream, artifact);
      if (E.isLeft(loaded)) return loaded;
      const { state } = loaded.right;
      if (isOurs(state, build)) return E.right(ofOurs(state, stream, build));
      const heard = await heardOf(deps, readingOf(build).id);
      if (E.isLeft(heard) || heard.right !== undefined) return E.map(() => undefined)(heard);
      const of = { ...about(build), stream: trigger };
      return E.right(difference({ ...of, code: 'ready-unheard', action: 'noticed' }));
    },
    mend: async () => {
      const loaded = await loadStream(hand.log, cache)(stream, artifact);
      if (E.isLeft(loaded)) return loaded;
      if (!isOurs(loaded.right.state, build)) return notice(deps, course, build);
      const command = lateReady(build);
      const context = { correlationId: `reconcile-${course.run}` };
      return command === undefined
        ? E.right(undefined)
        : carryOut(hand, cache)(stream, artifact, context, command);
    },
  };
};

/** What became ready in MBS since the last time: each is ours, or known as a trigger, or news. */
export const askReadyModules: Ask = async (deps, course) => {
  const { mbs } = deps.outside;
  if (mbs === undefined) return undefined;
  const since = sinceMark(deps, course.marks.readyModules);
  const { items, ...rest } = await allPages(course.signal, async (page) => {
    const listed = await mbs.readySince(since, page + 1)();
    if (E.isLeft(listed)) return listed;
    const { builds, pages } = listed.right;
    return E.right({ items: builds, isLast: page + 1 >= pages });
  });
  return {
    ...{ count: items.length, things: items.map((build) => thingOf(deps, course, build)) },
    ...{ ...rest, mark: { readyModules: course.begunAt } },
  };
};
