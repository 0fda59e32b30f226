import * as E from 'fp-ts/lib/Either.js';
import type { ImageAnswer } from '../../clients/koji/port.ts';
import type { ArtifactState, Running } from '../../domain/artifact/state.ts';
import type { ImageContents } from '../../domain/image/events.ts';
import type { Hindrance } from '../act.ts';
import { again } from '../act.ts';
import { recordImageContents } from '../record-image-contents.ts';
import type { RebuildDeps } from './deps.ts';
import type { Step } from './tell.ts';
import { correlationOf, retryAt, tell, tellOn } from './tell.ts';

/** Since when this process waits for what a closed task made; by stream. */
export type Waits = Map<string, { readonly of: string; readonly since: number }>;

/** How long the build of a closed task may be missing, in milliseconds. */
const patience = 300_000;

/** Its id in Koji, or its NVR. */
type BuildName = number | string;
type Made = { readonly kojiBuildId: number; readonly nvr: string };
type Ending = {
  readonly deps: RebuildDeps;
  readonly waits: Waits;
  readonly stream: string;
  readonly state: ArtifactState;
  readonly running: Running;
};

const correlation = ({ state, running }: Ending): string => correlationOf(state, running.triggers);

const ofAttempt = ({ running }: Ending) => ({
  build: running.build,
  attempt: running.attempt.attempt,
});

const waited = ({ deps, waits, stream, running }: Ending): number => {
  const of = `${running.build}/${running.attempt.attempt}`;
  const known = waits.get(stream);
  const since = known?.of === of ? known.since : deps.monotonic();
  waits.set(stream, { of, since });
  return deps.monotonic() - since;
};

const succeed = async (ending: Ending, made: Made): Step => {
  const { deps, waits, stream, running } = ending;
  const at = deps.hand.now();
  const told = await tell(deps, stream, correlation(ending), {
    ...{ type: 'RecordBuilt', ...ofAttempt(ending), ...made, at },
  });
  if (E.isLeft(told)) return told;
  waits.delete(stream);
  const { build } = running;
  return tellOn(deps, stream, correlation(ending), { type: 'ConcludeSuccess', build, at });
};

/** What the new image holds is recorded first, so that whoever asks after it finds it. */
const withContents = async (ending: Ending, contents: ImageContents): Step => {
  const { deps, stream } = ending;
  const correlationId = correlation(ending);
  const recorded = await recordImageContents(deps.hand, { correlationId }, contents);
  if (E.isLeft(recorded)) {
    if (recorded.left.code !== 'too-large') return recorded;
    const { code, bytes, limit } = recorded.left;
    const reason = `What ${contents.nvr} holds has ${bytes} bytes; a record has ${limit} at most.`;
    deps.report({ level: 'error', saga: 'rebuild', stream, code, reason });
  }
  return succeed(ending, { kojiBuildId: contents.buildId, nvr: contents.nvr });
};

const noImage = async (ending: Ending, reason: string): Step => {
  const { deps, waits, stream, running } = ending;
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { policy } = inForce.right;
  waits.delete(stream);
  return tellOn(deps, stream, correlation(ending), {
    ...{ type: 'RecordNoImage', ...ofAttempt(ending), code: 'no-image', reason },
    retries: policy.retries.build,
    ...{ retryAt: retryAt(deps, policy, running.failedBuilds), at: deps.hand.now() },
  });
};

type None = Extract<ImageAnswer, { readonly type: 'none' }>;

/** The image is there, and nobody can read what it holds: that is no failure of the build. */
const unread = async (ending: Ending, build: BuildName, { code, reason }: None): Step => {
  const { deps, stream } = ending;
  const known = await deps.koji.build(build)();
  if (E.isLeft(known)) return E.left<Hindrance>(known.left);
  deps.report({ level: 'error', saga: 'rebuild', stream, code, reason });
  return succeed(ending, { kojiBuildId: known.right.id, nvr: known.right.nvr });
};

const without = async (
  ending: Ending,
  builds: ReadonlyArray<BuildName>,
  answers: ReadonlyArray<None>,
): Step => {
  const { deps } = ending;
  const mayCome = answers.length === 0 || answers.some(({ code }) => code !== 'not-an-image');
  const allowed = deps.settings.imagePatience ?? patience;
  if (mayCome && waited(ending) < allowed) {
    return E.right({ after: Math.min(deps.settings.pollEvery, allowed) });
  }
  const unreadable = answers.findIndex(({ code }) => code === 'unreadable');
  const [build, answer] = [builds[unreadable], answers[unreadable]];
  if (build !== undefined && answer !== undefined) return unread(ending, build, answer);
  const reasons = answers.map(({ reason }) => reason).join('; ');
  const task = ending.running.attempt.externalIds.join(', ');
  return noImage(
    ending,
    `Task ${task} is closed, but no image came of it: ${reasons || 'Koji names no build.'}`,
  );
};

/** What the task made, as it says; of one that Koji has no more, what it was to make. */
const buildsOf = async (
  { deps, running }: Ending,
  id: number,
): Promise<E.Either<Hindrance, ReadonlyArray<BuildName>>> => {
  const task = await deps.koji.task(id)();
  if (E.isRight(task)) return E.right(task.right.builds);
  if (task.left.code !== 'koji-missing') return task;
  const nvr = running.attempt.order?.rebuiltNvr ?? null;
  return E.right(nvr === null ? [] : [nvr]);
};

/** What a closed task made is asked for and recorded; only then the build has succeeded. */
export const concludeImage = async (
  deps: RebuildDeps,
  waits: Waits,
  stream: string,
  state: ArtifactState,
  running: Running,
): Step => {
  const ending: Ending = { deps, waits, stream, state, running };
  const { nvr, externalIds } = running.attempt;
  if (nvr !== null) {
    const { build } = running;
    const at = deps.hand.now();
    return tellOn(deps, stream, correlation(ending), { type: 'ConcludeSuccess', build, at });
  }
  const [id] = externalIds;
  if (id === undefined) return E.right(again);
  const builds = await buildsOf(ending, id);
  if (E.isLeft(builds)) return builds;
  const answers = await deps.koji.imageContents(builds.right)();
  if (E.isLeft(answers)) return E.left<Hindrance>(answers.left);
  const image = answers.right.find((answer) => answer.type === 'image');
  if (image !== undefined) return withContents(ending, image.contents);
  const none = answers.right.flatMap((answer) => (answer.type === 'none' ? [answer] : []));
  return without(ending, builds.right, none);
};
