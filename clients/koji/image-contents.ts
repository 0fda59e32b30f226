import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Read } from './hub.ts';
import {
  Archive,
  BuildOfImage,
  describe,
  parentOf,
  TaskOfImage,
  taskIdOf,
  type Described,
  type Parent,
} from './image-build.ts';
import { HeldRpm, rpmsOfImage, type SourceNames } from './image-rpms.ts';
import type { ImageAnswer } from './port.ts';
import type { Result, SubAnswer, SubCall } from './read.ts';
import { answerAt, none, round, type Round, type Step } from './rounds.ts';
import { keywords } from './xml-rpc/value.ts';

const MaybeBuild = t.union([BuildOfImage, t.null], 'build or nil');
const MaybeTask = t.union([TaskOfImage, t.null], 'task or nil');
const Archives = t.readonlyArray(Archive, 'list of archives');
const Rpms = t.readonlyArray(HeldRpm, 'list of rpms');
const Nvr = t.type({ nvr: t.string }, 'build');

const getBuild = (build: number | string): SubCall => ({
  methodName: 'getBuild',
  params: [build],
});

const builds: Round<number | string, BuildOfImage> = {
  most: 100,
  calls: (asked) => [getBuild(asked)],
  next: (asked, answers) => {
    const build = answerAt(answers, 0, MaybeBuild);
    if (E.isLeft(build)) return build;
    if (build.right === null) return none('missing', `Koji knows no build ${asked}`);
    const { state, nvr } = build.right;
    if (state === 1) return E.right(build.right);
    return none('not-complete', `${nvr} is in state ${state}, not complete`);
  },
};

/** Koji names the parent's NVR beside its id, or only the id. */
const asksForParent = (build: BuildOfImage): boolean => {
  const parent = parentOf(build);
  return parent !== null && parent.nvr === undefined;
};

/** A parent whose build Koji no longer has is none that could be rebuilt. */
const parentIn = (build: BuildOfImage, answers: ReadonlyArray<SubAnswer>): Parent | null => {
  const parent = parentOf(build);
  if (parent === null) return null;
  if (parent.nvr !== undefined) return { buildId: parent.buildId, nvr: parent.nvr };
  const asked = answerAt(answers, answers.length - 1, Nvr);
  return E.isRight(asked) ? { buildId: parent.buildId, nvr: asked.right.nvr } : null;
};

const taskIn = (build: BuildOfImage, answers: ReadonlyArray<SubAnswer>): TaskOfImage | null => {
  if (taskIdOf(build) === null) return null;
  const task = answerAt(answers, 1, MaybeTask);
  return E.isRight(task) ? task.right : null;
};

const surroundings: Round<BuildOfImage, Described> = {
  most: 100,
  calls: (build) => {
    const task = taskIdOf(build);
    const info = { methodName: 'getTaskInfo', params: [task, keywords({ request: true })] };
    const parent = parentOf(build);
    return [
      { methodName: 'listArchives', params: [build.id, keywords({ type: 'image' })] },
      ...(task === null ? [] : [info]),
      ...(parent !== null && asksForParent(build) ? [getBuild(parent.buildId)] : []),
    ];
  },
  next: (build, answers) => {
    const archives = answerAt(answers, 0, Archives);
    if (E.isLeft(archives)) return archives;
    const isContainer = (build.extra?.image ?? null) !== null;
    if (!isContainer && archives.right.length === 0) {
      return none('not-an-image', `${build.nvr} has neither an image nor an archive of one`);
    }
    const [task, parent] = [taskIn(build, answers), parentIn(build, answers)];
    return E.right({ build, archives: archives.right, task, parent });
  },
};

type Filled = { readonly described: Described; readonly held: ReadonlyArray<HeldRpm> };

/** Hundreds of RPMs of over a kilobyte each: a few answers at once are megabytes. */
const rpms: Round<Described, Filled> = {
  most: 8,
  calls: ({ archives }) =>
    archives.map(({ id }) => ({ methodName: 'listRPMs', params: [keywords({ imageID: id })] })),
  next: (described, answers) => {
    const held: Array<ReadonlyArray<HeldRpm>> = [];
    for (const place of answers.keys()) {
      const listed = answerAt(answers, place, Rpms);
      if (E.isLeft(listed)) return listed;
      held.push(listed.right);
    }
    return E.right({ described, held: held.flat() });
  },
};

const buildIdsIn = (steps: ReadonlyArray<Step<Filled>>): ReadonlyArray<number> =>
  steps
    .flatMap((step) => (E.isRight(step) ? step.right.held : []))
    .flatMap((rpm) => rpm.build_id ?? []);

const answerOf =
  (sources: ReadonlyMap<number, string>) =>
  (step: Step<Filled>): ImageAnswer => {
    if (E.isLeft(step)) return step.left;
    const { described, held } = step.right;
    const known = describe(described);
    if (E.isRight(known)) {
      return { type: 'image', contents: { ...known.right, rpms: rpmsOfImage(held, sources) } };
    }
    const isContainer = (described.build.extra?.image ?? null) !== null;
    return { type: 'none', code: isContainer ? 'unreadable' : 'not-an-image', reason: known.left };
  };

/** What these builds hold, in their order: three rounds of questions, then names of new sources. */
export const imageContents = async (
  read: Read,
  names: SourceNames,
  asked: ReadonlyArray<number | string>,
): Result<ReadonlyArray<ImageAnswer>> => {
  const wanted = asked.map((build): Step<number | string> => E.right(build));
  const found = await round(read, wanted, builds);
  if (E.isLeft(found)) return found;
  const described = await round(read, found.right, surroundings);
  if (E.isLeft(described)) return described;
  const filled = await round(read, described.right, rpms);
  if (E.isLeft(filled)) return filled;
  const sources = await names.learn(buildIdsIn(filled.right));
  return E.map((known: ReadonlyMap<number, string>) => filled.right.map(answerOf(known)))(sources);
};
