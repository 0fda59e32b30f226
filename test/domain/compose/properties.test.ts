import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import type { ComposeCommand } from '../../../domain/compose/commands.ts';
import { compose } from '../../../domain/compose/compose.ts';
import type { ComposeEvent } from '../../../domain/compose/events.ts';
import { ComposeEvent as Codec } from '../../../domain/compose/events.ts';
import type { ComposeState } from '../../../domain/compose/state.ts';
import { todo } from '../../../domain/compose/todo.ts';
import * as a from './a-compose.ts';

/** A command made for the state it meets: mostly of the attempt that runs, sometimes beside it. */
type Make = (state: ComposeState, fresh: number) => ComposeCommand;

const off = fc.constantFrom(0, 0, 0, 0, 1);
const owner = fc.constantFrom('me', 'me', 'other');
const attemptOf = (state: ComposeState, o: number): number =>
  (state.live?.attempt ?? state.attempts + 1) + o;
const idOf = ({ live, ready }: ComposeState, old: boolean): number =>
  (old ? ready?.composeId : (live?.composeId ?? ready?.composeId)) ?? 1;

const intending: fc.Arbitrary<Make> = fc.tuple(off, owner, fc.boolean()).map(
  ([o, who, renews]): Make =>
    (state) =>
      a.intend({
        ...{ attempt: attemptOf(state, o), owner: who },
        renews: renews ? (state.ready?.composeId ?? null) : null,
      }),
);
const outcome: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(off, owner).map(
    ([o, who]): Make =>
      (state, fresh) =>
        a.submit({ attempt: attemptOf(state, o), owner: who, composeId: fresh + 10 }),
  ),
  fc.tuple(off, owner, fc.boolean()).map(
    ([o, who, old]): Make =>
      (state) =>
        a.renew({ attempt: attemptOf(state, o), owner: who, composeId: idOf(state, old) }),
  ),
  fc.tuple(off, owner, fc.constantFrom('transient', 'transient', 'refused')).map(
    ([o, who, kind]): Make =>
      (state) =>
        a.fail({ attempt: attemptOf(state, o), owner: who, class: kind }),
  ),
  fc
    .tuple(off, fc.constantFrom(['me', 'other'], ['other', 'me']))
    .map(([o, [from = '', to = '']]): Make => (state) => {
      const attempt = attemptOf(state, o);
      return { type: 'TakeOver', attempt, from, owner: to, callTimeout: 9 };
    }),
);
const progress: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(fc.constantFrom(0, 1, 2, 2, 3, 4), fc.boolean()).map(
    ([seen, old]): Make =>
      (state) =>
        a.observe(idOf(state, old), seen),
  ),
  fc.constant<Make>((state) => a.noteReady(idOf(state, false))),
);
const someMakes = fc.array(
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<Make>(() => a.want) },
    { weight: 6, arbitrary: intending },
    { weight: 8, arbitrary: outcome },
    { weight: 10, arbitrary: progress },
    { weight: 1, arbitrary: fc.constantFrom<Make>(() => a.release) },
  ),
  { maxLength: 60, size: 'max' },
);

type Step = {
  readonly command: ComposeCommand;
  readonly before: ComposeState;
  readonly events: ReadonlyArray<ComposeEvent>;
  readonly after: ComposeState;
};

const play = (makes: ReadonlyArray<Make>): ReadonlyArray<Step> => {
  let state = compose.decide(a.want, compose.initial);
  let current = (E.isRight(state) ? state.right : []).reduce(compose.evolve, compose.initial);
  return makes.map((make, fresh) => {
    const before = current;
    const command = make(before, fresh);
    state = compose.decide(command, before);
    const events = E.isRight(state) ? state.right : [];
    current = events.reduce(compose.evolve, before);
    return { command, before, events, after: current };
  });
};

const holds = (check: (steps: ReadonlyArray<Step>) => boolean): void =>
  fc.assert(
    fc.property(someMakes, (makes) => check(play(makes))),
    { numRuns: 500 },
  );

test('any history leads somewhere: ready, renewed, expired, failed and given up', (t) => {
  const types = fc
    .sample(someMakes, 2000)
    .flatMap((makes) => play(makes).flatMap(({ events }) => events.map(({ type }) => type)));
  const reached = new Set(types);
  const all = Codec.types.map(({ name }) => name);
  t.deepEqual(
    all.filter((name) => !(reached as ReadonlySet<string>).has(name)),
    [],
  );
});

test('a command obeyed once has nothing left to say', (t) => {
  t.notThrows(() =>
    holds((steps) =>
      steps.every(({ command, after, events }) => {
        if (events.length === 0) return true;
        const again = compose.decide(command, after);
        return E.isLeft(again) || again.right.length === 0;
      }),
    ),
  );
});

test('the state is plain JSON', (t) => {
  holds((steps) => {
    const { after } = steps.at(-1) ?? { after: compose.initial };
    t.deepEqual(JSON.parse(JSON.stringify(after)), after);
    return true;
  });
});

test('only the owner of the call records its outcome', (t) => {
  t.notThrows(() =>
    holds((steps) =>
      steps.every(({ command, before, events }) => {
        const isOutcome = ['RecordSubmitted', 'RecordFailure', 'NoteRenewed'];
        if (!isOutcome.includes(command.type) || events.length === 0) return true;
        return 'owner' in command && before.live?.intent?.owner === command.owner;
      }),
    ),
  );
});

test('attempts are counted upwards, and each is intended once', (t) => {
  t.notThrows(() =>
    holds((steps) => {
      const attempts = steps.flatMap(({ events }) =>
        events.flatMap((event) => (event.type === 'ComposeIntended' ? [event.attempt] : [])),
      );
      return attempts.every((attempt, i) => attempt > (attempts[i - 1] ?? 0));
    }),
  );
});

test('there is work exactly while the compose is wanted and may be had', (t) => {
  t.notThrows(() =>
    holds((steps) =>
      steps.every(({ after }) => {
        const isOpen = after.order !== null && after.givenUp === null && !after.released;
        return todo(after).length > 0 === isOpen;
      }),
    ),
  );
});

test('what is to be intended may be intended', (t) => {
  t.notThrows(() =>
    holds((steps) =>
      steps.every(({ after }) =>
        todo(after).every((next) => {
          if (next.type !== 'intend') return true;
          const { attempt, renews } = next.live;
          const decided = compose.decide(a.intend({ attempt, renews }), after);
          return E.isRight(decided) && decided.right.length === 1;
        }),
      ),
    ),
  );
});

test('a compose is ready only after ODCS called it done, and until it is known to be gone', (t) => {
  t.notThrows(() =>
    holds((steps) =>
      steps.every(({ before, events, after }) => {
        const became = events.find((event) => event.type === 'ComposeReady');
        if (became !== undefined) return before.live?.seen?.state === 2;
        return after.ready === null || after.ready.composeId === before.ready?.composeId;
      }),
    ),
  );
});
