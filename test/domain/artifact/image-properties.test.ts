import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { artifact } from '../../../domain/artifact/artifact.ts';
import type { ArtifactCommand } from '../../../domain/artifact/commands.ts';
import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import { stampOf } from '../../../domain/artifact/image-order.ts';
import type { ArtifactState } from '../../../domain/artifact/state.ts';
import type { Todo } from '../../../domain/artifact/todo.ts';
import { todo } from '../../../domain/artifact/todo.ts';
import { clock, fail, start, take } from './an-artifact.ts';
import { id, prepareImage, recordBuilt, seeTask, stamp } from './an-image.ts';

/** A command made for the state it meets: mostly of the running attempt, sometimes beside it. */
type Make = (state: ArtifactState, fresh: number) => ArtifactCommand;

const ofAttempt = ({ running }: ArtifactState, off: number) => ({
  build: running?.build ?? 1,
  attempt: (running?.attempt.attempt ?? 1) + off,
});
const off = fc.constantFrom(0, 0, 0, 0, 1);
const owner = fc.constantFrom('me', 'other');
const why = { code: 'no-image', reason: 'So it is.', at: clock('10:30') };
const again = { retryAt: clock('10:31'), at: clock('10:30') };

const planning: fc.Arbitrary<Make> = fc.oneof(
  fc.integer({ min: 1, max: 4 }).map((number): Make => (_state, fresh) => {
    const names = { artifact: id, name: 'httpd', branch: 'f28' };
    return take(number, { ...names, build: fresh, notBefore: clock('10:00') });
  }),
  fc.constant<Make>((_state, fresh) => start({ build: fresh })),
);
const preparing: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(off, fc.integer({ min: stamp - 2, max: stamp + 2 })).map(
    ([o, unixSeconds]): Make =>
      (s) =>
        prepareImage({ ...ofAttempt(s, o), unixSeconds }),
  ),
  off.map((o): Make => (s) => ({ type: 'PrepareAnew', ...ofAttempt(s, o), ...why })),
  off.map((o): Make => (s) => ({ type: 'Abandon', ...ofAttempt(s, o), ...why, triggers: ['t1'] })),
);
const calling: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(off, owner).map(([o, who]): Make => (s) => {
    return { type: 'Intend', ...ofAttempt(s, o), key: 'k', owner: who, callTimeout: 9 };
  }),
  fc.tuple(off, owner).map(([o, who]): Make => (s, fresh) => {
    const found = { externalIds: [700 + (fresh % 3)], found: false, at: clock('10:30') };
    return { type: 'RecordSubmitted', ...ofAttempt(s, o), owner: who, ...found };
  }),
  fc.tuple(off, owner).map(
    ([o, who]): Make =>
      (s) =>
        fail({ ...ofAttempt(s, o), owner: who, retries: 1 }),
  ),
);
const ending: fc.Arbitrary<Make> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 6 }), fc.constantFrom(0, 1), fc.boolean())
    .map(([seen, retries, polled]): Make => (s) => {
      const [externalId = 0] = s.running?.attempt.externalIds ?? [];
      return seeTask(seen, { externalId, retries, via: polled ? 'poll' : 'message' });
    }),
  off.map((o): Make => (s) => {
    const nvr = s.running?.attempt.order?.rebuiltNvr ?? 'httpd-1-1';
    return recordBuilt({ ...ofAttempt(s, o), nvr });
  }),
  off.map((o): Make => (s) => {
    return { type: 'RecordNoImage', ...ofAttempt(s, o), ...why, retries: 1, ...again };
  }),
  fc.constant<Make>((s) => {
    return { type: 'ConcludeSuccess', build: s.running?.build ?? 1, at: clock('10:30') };
  }),
  fc.nat().map((n): Make => ({ ownNvrs }) => {
    const ours = Object.keys(ownNvrs);
    return { type: 'NoteLateImage', nvr: ours[n % Math.max(1, ours.length)] ?? '', at: why.at };
  }),
);
/** What is to be done next, done well. */
const well: Readonly<Partial<Record<Todo['type'], Make>>> = {
  start: (_state, fresh) => start({ build: fresh }),
  'prepare-image': (s) => prepareImage({ ...ofAttempt(s, 0), unixSeconds: stamp }),
  intend: (s) => {
    return { type: 'Intend', ...ofAttempt(s, 0), key: 'k', owner: 'me', callTimeout: 9 };
  },
  settle: (s, fresh) => {
    const found = { externalIds: [700 + (fresh % 3)], found: false, at: clock('10:30') };
    const who = s.running?.attempt.intent?.owner ?? 'me';
    return { type: 'RecordSubmitted', ...ofAttempt(s, 0), owner: who, ...found };
  },
  follow: (s) => seeTask(2, { externalId: s.running?.attempt.externalIds[0] ?? 0 }),
  conclude: (s) =>
    s.running?.attempt.nvr === null
      ? recordBuilt(ofAttempt(s, 0))
      : { type: 'ConcludeSuccess', build: ofAttempt(s, 0).build, at: clock('10:30') },
};
const proper: Make = (s, fresh) => {
  const next = well[todo(s)[0]?.type ?? 'start'] ?? well.start;
  return next?.(s, fresh) ?? start();
};
const someMakes = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: planning },
    { weight: 4, arbitrary: preparing },
    { weight: 5, arbitrary: calling },
    { weight: 8, arbitrary: ending },
    { weight: 8, arbitrary: fc.constant(proper) },
  ),
  { maxLength: 60, size: 'max' },
);

const play = (makes: ReadonlyArray<Make>) => {
  let state = artifact.initial;
  return makes.map((make, fresh) => {
    const before = state;
    const command = make(before, fresh + 1);
    const decided = artifact.decide(command, before);
    const events = E.isRight(decided) ? decided.right : [];
    state = events.reduce(artifact.evolve, before);
    return { command, before, events, after: state };
  });
};
const history = (makes: ReadonlyArray<Make>): ReadonlyArray<ArtifactEvent> =>
  play(makes).flatMap(({ events }) => events);
const of = <Type extends ArtifactEvent['type']>(events: ReadonlyArray<ArtifactEvent>, type: Type) =>
  events.filter(
    (event): event is Extract<ArtifactEvent, { readonly type: Type }> => event.type === type,
  );

const promise = (title: string, holds: (makes: ReadonlyArray<Make>) => boolean): void => {
  test(title, (t) => {
    t.notThrows(() => fc.assert(fc.property(someMakes, holds), { numRuns: 500 }));
  });
};

test('chance reaches every event there is of a build of an image', (t) => {
  const seen = new Set(
    fc
      .sample(someMakes, { numRuns: 3000, seed: 1 })
      .flatMap(history)
      .map(({ type }) => type),
  );
  for (const type of ['ImageBuildPrepared', 'ImageBuilt', 'BuildRevived', 'BuildSucceeded']) {
    t.true(seen.has(type as ArtifactEvent['type']), type);
  }
});

promise('what an image was told once has nothing left to say', (makes) =>
  play(makes).every(({ command, events, after }) => {
    const twice = artifact.decide(command, after);
    return events.length === 0 || E.isLeft(twice) || twice.right.length === 0;
  }),
);

promise('every release of an image is newer than all before it', (makes) => {
  const stamps = of(history(makes), 'ImageBuildPrepared').map(({ release }) => stampOf(release));
  return stamps.every((one, at) => at === 0 || one > (stamps[at - 1] ?? 0));
});

promise('an image succeeds with an NVR, and only after a closed task', (makes) =>
  play(makes).every(({ before, events }) =>
    of(events, 'BuildSucceeded').every(() => {
      const attempt = before.running?.attempt;
      const rows = Object.values(attempt?.rows ?? {});
      return attempt?.nvr != null && rows.some(({ state }) => state === 2);
    }),
  ),
);

promise('nothing is asked of Koji that was not prepared', (makes) =>
  play(makes).every(({ before, events }) =>
    of(events, 'SubmissionIntended').every(() => before.running?.attempt.order != null),
  ),
);

promise('a build of an image that has failed is revived at most once', (makes) => {
  const revived = of(history(makes), 'BuildRevived').map(({ build }) => build);
  return new Set(revived).size === revived.length;
});

promise('a build of an image that is planned or runs leaves something to do', (makes) =>
  play(makes).every(
    ({ after }) => (after.running === null && after.planned === null) || todo(after).length > 0,
  ),
);
