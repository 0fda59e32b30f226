import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { tasksOf } from '../support/sandbox-images.ts';
import type { RebuildProcess, RebuildWorld } from '../support/rebuild-world.ts';
import { aRebuildWorld, carryUntil, claim, isOver, said } from '../support/rebuild-world.ts';

const images = ['image base:f28 holds bash', 'image httpd:f28 from base:f28 holds httpd'];
const policy = { retries: '{ submission: 5, build: 0, backOff: 0s }' };

type Point = { readonly at: string; readonly when: 'before' | 'after' };
const appends = [
  ...['BuildStarted', 'ImageBuildPrepared', 'SubmissionIntended', 'BuildSubmitted'],
  ...['BuildStateObserved', 'ImageContentsRecorded', 'ImageBuilt', 'BuildSucceeded'],
];
const calls = ['head', 'findTask', 'buildContainer', 'task', 'imageContents'];
const points: ReadonlyArray<Point> = [...appends, ...calls].flatMap((at) => [
  { at, when: 'before' },
  { at, when: 'after' },
]);

/** A process that dies at one point: from there on nothing it does has any effect. */
const mortal = (world: RebuildWorld, point: Point): RebuildProcess => {
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Error('killed');
  };
  const around =
    <L, A>(at: ReadonlyArray<string>, call: () => TaskEither<L, A>): TaskEither<L, A> =>
    async () => {
      const isHere = at.includes(point.at);
      if (isDead || (isHere && point.when === 'before')) die();
      const answer = await call()();
      if (isHere && E.isRight(answer)) die();
      return answer;
    };
  const { log, hand, clients } = world;
  const { koji, distGit } = clients;
  return world.process({
    hand: {
      ...hand,
      log: {
        ...log,
        append: (stream, expected, events) =>
          around(
            events.map(({ type }) => type),
            () => log.append(stream, expected, events),
          ),
      },
    },
    distGit: { ...distGit, head: (...of) => around(['head'], () => distGit.head(...of)) },
    koji: {
      ...koji,
      findTask: (...of) => around(['findTask'], () => koji.findTask(...of)),
      buildContainer: (order) => around(['buildContainer'], () => koji.buildContainer(order)),
      task: (id) => around(['task'], () => koji.task(id)),
      imageContents: (builds) => around(['imageContents'], () => koji.imageContents(builds)),
    },
  });
};

for (const point of points) {
  test(`killed ${point.when} ${point.at}, a build of an image is one task and one success`, async (t) => {
    const world = await aRebuildWorld(t, { images, policy });
    const stream = await claim(world, 'httpd:f28', { number: 1 });
    await t.throwsAsync(carryUntil(world, mortal(world, point), stream, isOver), {
      message: 'killed',
    });
    const state = await carryUntil(world, world.process(), stream, isOver);
    t.like(state.finished, [{ outcome: 'succeeded' }]);
    t.is((await tasksOf(world.sandbox)).length, 1);
    t.is((await said(world, stream, 'ImageBuildPrepared')).length, 1);
    t.is((await said(world, stream, 'BuildSucceeded')).length, 1);
  });
}
