import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { artifact } from '../../../domain/artifact/artifact.ts';
import type { ArtifactCommand } from '../../../domain/artifact/commands.ts';
import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import type { ArtifactState } from '../../../domain/artifact/state.ts';
import { todo } from '../../../domain/artifact/todo.ts';
import { aCause, aDependency, clock, fail, observe, start, take } from './an-artifact.ts';

/** A command made for the state it meets: mostly of the running attempt, sometimes beside it. */
type Make = (state: ArtifactState, fresh: number) => ArtifactCommand;

const parents = ['module:top:1', 'module:side:1'];
const small = fc.integer({ min: 1, max: 4 });
const owner = fc.constantFrom('me', 'other');
const minute = fc
  .integer({ min: 0, max: 59 })
  .map((m) => clock(`10:${String(m).padStart(2, '0')}`));
const time = { at: clock('10:30'), retryAt: clock('10:31') };

const attemptOf = ({ running }: ArtifactState, off: number) => ({
  build: running?.build ?? 1,
  attempt: (running?.attempt.attempt ?? 1) + off,
});
const off = fc.constantFrom(0, 0, 0, 0, 1);

const taking: fc.Arbitrary<Make> = fc
  .record({
    ...{ number: small, own: fc.boolean(), waitsFor: fc.subarray(parents), numbered: fc.boolean() },
    notBefore: minute,
  })
  .map(({ number, own, waitsFor, numbered, notBefore }) => (_state, fresh) => {
    const cause = own ? aCause(number) : aDependency(number);
    return take(number, { cause, waitsFor, notBefore, ...(numbered ? { build: fresh } : {}) });
  });
const noting: fc.Arbitrary<Make> = fc
  .tuple(
    small,
    fc.constantFrom(...parents),
    fc.constantFrom(
      { type: 'succeeded', name: 'top', build: 90 } as const,
      { type: 'blocked', code: 'parent-failed' } as const,
      { type: 'blocked', code: 'parent-blocked' } as const,
      { type: 'withdrawn' } as const,
    ),
  )
  .map(([number, parent, answer]) => () => {
    return { type: 'NoteParent', trigger: `t${number}`, parent, answer };
  });
const starting: fc.Arbitrary<Make> = fc
  .tuple(
    minute,
    fc.subarray(['t1', 't2', 't3', 't4'], { maxLength: 2 }),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([at, triggers, overdue, numbered]) => (_state, fresh) => {
    const denied = triggers.map((trigger) => ({
      trigger,
      code: 'denied-by-rule',
      explanation: '',
    }));
    const overdueSince = clock(overdue ? '11:00' : '09:00');
    return start({ at, denied, overdueSince, ...(numbered ? { build: fresh } : {}) });
  });
const attempting: fc.Arbitrary<Make> = fc.oneof(
  off.map((o): Make => (s, fresh) => {
    return { type: 'PrepareCommit', ...attemptOf(s, o), commit: `c${fresh}`, bumped: true };
  }),
  fc.tuple(off, owner).map(([o, who]): Make => (s) => {
    return { type: 'Intend', ...attemptOf(s, o), key: 'k', owner: who, callTimeout: 9 };
  }),
  fc
    .tuple(off, fc.constantFrom(['me', 'other'], ['other', 'me']))
    .map(([o, [from = '', to = '']]): Make => (s) => {
      return { type: 'TakeOver', ...attemptOf(s, o), from, owner: to, callTimeout: 9 };
    }),
  fc
    .tuple(off, owner, fc.constantFrom([701], [701, 702]))
    .map(([o, who, externalIds]): Make => (s) => {
      return {
        type: 'RecordSubmitted',
        ...attemptOf(s, o),
        owner: who,
        externalIds,
        found: false,
        ...time,
      };
    }),
  fc.tuple(off, fc.constantFrom('me', null), fc.constantFrom('transient', 'refused')).map(
    ([o, who, kind]): Make =>
      (s) =>
        fail({ ...attemptOf(s, o), owner: who, class: kind, retries: 1 }),
  ),
);
const progressing: fc.Arbitrary<Make> = fc.oneof(
  fc
    .tuple(fc.constantFrom(701, 702, 703), fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 1))
    .map(
      ([id, seen, retries]): Make =>
        () =>
          observe(id, seen, { retries }),
    ),
  fc.constant<Make>((s) => ({
    type: 'ConcludeSuccess',
    build: s.running?.build ?? 1,
    at: time.at,
  })),
  fc.constant<Make>((s) => ({
    type: 'Abandon',
    ...attemptOf(s, 0),
    code: 'already-built',
    reason: '',
    at: time.at,
  })),
);
const someMakes = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: taking },
    { weight: 2, arbitrary: noting },
    { weight: 4, arbitrary: starting },
    { weight: 8, arbitrary: attempting },
    { weight: 5, arbitrary: progressing },
  ),
  { maxLength: 60, size: 'max' },
);

type Step = {
  readonly command: ArtifactCommand;
  readonly before: ArtifactState;
  readonly events: ReadonlyArray<ArtifactEvent>;
  readonly after: ArtifactState;
};

const play = (makes: ReadonlyArray<Make>): ReadonlyArray<Step> => {
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
const history = (makes: ReadonlyArray<Make>) => play(makes).flatMap(({ events }) => events);

const endings: ReadonlyArray<ArtifactEvent['type']> = [
  ...(['BuildSucceeded', 'BuildFailed', 'BuildCanceled', 'BuildRehearsed'] as const),
];
const ends = (events: ReadonlyArray<ArtifactEvent>): ReadonlyArray<number> =>
  events.flatMap((event) =>
    endings.includes(event.type) && 'build' in event ? [event.build] : [],
  );
const of = <Type extends ArtifactEvent['type']>(events: ReadonlyArray<ArtifactEvent>, type: Type) =>
  events.filter(
    (event): event is Extract<ArtifactEvent, { readonly type: Type }> => event.type === type,
  );

const promise = (title: string, holds: (makes: ReadonlyArray<Make>) => boolean): void => {
  test(title, (t) => {
    t.notThrows(() => fc.assert(fc.property(someMakes, holds), { numRuns: 1000 }));
  });
};

test('chance reaches every event there is of a real build', (t) => {
  const seen = new Set(
    fc
      .sample(someMakes, { numRuns: 3000, seed: 1 })
      .flatMap(history)
      .map(({ type }) => type),
  );
  t.is(seen.size, 18, [...seen].sort().join(' '));
});

promise('a command obeyed once has nothing left to say', (makes) =>
  play(makes).every(({ command, events, after }) => {
    const again = artifact.decide(command, after);
    return events.length === 0 || E.isLeft(again) || again.right.length === 0;
  }),
);

promise('a trigger claims an artifact once', (makes) => {
  const claims = of(history(makes), 'CauseTaken').map(({ cause }) => cause.trigger);
  return new Set(claims).size === claims.length;
});

promise('a build that has ended never ends again', (makes) => {
  const over = ends(history(makes));
  return new Set(over).size === over.length;
});

promise('at most one build of an artifact runs, and it was planned', (makes) =>
  play(makes).every(({ before, events }) =>
    of(events, 'BuildStarted').every(
      ({ build }) => before.running === null && before.planned?.build === build,
    ),
  ),
);

promise('at most one build of an artifact is planned', (makes) => {
  const open = new Set<number>();
  return history(makes).every((event) => {
    if (event.type === 'BuildPlanned') open.add(event.build);
    if (event.type === 'BuildStarted' || endings.includes(event.type))
      open.delete('build' in event ? event.build : 0);
    return open.size <= 1;
  });
});

promise('a build starts with claims that are open and wait for nothing', (makes) =>
  play(makes).every(({ before, events }) =>
    of(events, 'BuildStarted').every(({ triggers }) =>
      triggers.every((id) => {
        const claim = before.causes[id];
        return claim?.status === 'open' && claim.waitsFor.length === 0;
      }),
    ),
  ),
);

promise('every claim is open with a build to come, or settled for good', (makes) => {
  const steps = play(makes);
  return steps.every(({ before, after }) =>
    Object.entries(after.causes).every(([id, claim]) => {
      const was = before.causes[id]?.status ?? 'open';
      if (was !== 'open') return claim.status === was;
      const coming = [after.planned?.build, after.running?.build];
      return claim.status !== 'open' || coming.includes(claim.build);
    }),
  );
});

promise('whatever is planned or runs leaves something to do', (makes) =>
  play(makes).every(
    ({ after }) => (after.running === null && after.planned === null) || todo(after).length > 0,
  ),
);
