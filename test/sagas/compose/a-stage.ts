import { randomUUID } from 'node:crypto';
import type { ExecutionContext } from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import type { Odcs } from '../../../clients/odcs/port.ts';
import type { ComposeCommand } from '../../../domain/compose/commands.ts';
import { compose } from '../../../domain/compose/compose.ts';
import type { ComposeEvent } from '../../../domain/compose/events.ts';
import { todo } from '../../../domain/compose/todo.ts';
import { prepare } from '../../../domain/policy/judge.ts';
import { composeStream } from '../../../domain/stream-names.ts';
import type { Hand } from '../../../event-log/carry-out.ts';
import { carryOut, decodeRecorded, loadStream } from '../../../event-log/carry-out.ts';
import type { EventLog } from '../../../event-log/event-log.ts';
import type { Act } from '../../../sagas/act.ts';
import { carryCompose } from '../../../sagas/compose/carry-compose.ts';
import type { ComposeDeps } from '../../../sagas/compose/deps.ts';
import { aPolicy } from '../../domain/policy/a-policy.ts';
import { want } from '../../domain/compose/a-compose.ts';
import { aLog, eventsOf } from '../../support/ingest-world.ts';
import { anOdcs, type OdcsServer } from '../../support/odcs-server.ts';
import { must } from '../../support/service.ts';

export const stream = composeStream('real', want.trigger);

/** Milliseconds since the start of the play; it moves only when the test says so. */
export type Clock = { passed: number };

export type Stage = OdcsServer & {
  readonly log: EventLog;
  readonly clock: Clock;
  /** A process of its own over the same log. */
  readonly actor: (owner: string, change?: Partial<ComposeDeps>, odcs?: Odcs) => Act;
  /** Acts at the times the saga asks for, until `isOver` or nothing is due within the day. */
  readonly play: (act: Act, isOver?: () => Promise<boolean> | boolean) => Promise<void>;
  readonly tell: (command: ComposeCommand, to?: string) => Promise<void>;
  readonly events: () => Promise<ReadonlyArray<ComposeEvent>>;
  readonly types: () => Promise<ReadonlyArray<string>>;
};

const begun = Date.parse('2026-03-01T10:00:00.000Z');
const mostSteps = 200;

export const isReady = async ({ log }: Pick<Stage, 'log'>): Promise<boolean> => {
  const { state } = must(await loadStream(log)(stream, compose));
  return state.ready !== null && todo(state).every(({ type }) => type === 'keep');
};

/** A log where a compose is wanted, an ODCS, and a clock in the test's hand. */
export const aStage = async (t: ExecutionContext): Promise<Stage> => {
  const [log, server] = [await aLog(t), await anOdcs(t)];
  const clock: Clock = { passed: 0 };
  const now = (): string => new Date(begun + clock.passed).toISOString();
  const hand: Hand = { log, newId: randomUUID, now, actor: 'test', codeVersion: '0.0.0' };
  const policy = { ...aPolicy(), retries: { submission: 1, build: 1, backOff: 60 } };
  const inForce = { version: 'p1', policy, judge: prepare(policy) };
  const actor: Stage['actor'] = (owner, change = {}, odcs = server.odcs()) =>
    carryCompose({
      ...{ hand, cache: new Map(), policy: () => Promise.resolve(E.right(inForce)), odcs, owner },
      ...{ monotonic: () => clock.passed, jitter: () => 0 },
      settings: {
        ...{ pollEvery: 10_000, lookAgainEvery: 3_600_000 },
        ...{ askTimeout: 20_000, longestBackOff: 60_000, composeLifetime: 86_400 },
      },
      ...change,
    });
  const tell: Stage['tell'] = async (command, to = stream) => {
    must(await carryOut(hand)(to, compose, { correlationId: 'm1' }, command));
  };
  const events: Stage['events'] = async () =>
    (await eventsOf(log, stream)).map((recorded) => must(decodeRecorded(recorded)) as ComposeEvent);
  const play: Stage['play'] = async (act, isOver = () => isReady({ log })) => {
    for (let step = 0; step < mostSteps; step += 1) {
      if (await isOver()) return;
      const next = await act(stream);
      const after = E.isRight(next) ? next.right.after : 1000;
      if (after === null) return;
      clock.passed += after;
    }
    throw new Error(`not over after ${mostSteps} steps: ${(await types()).join(' ')}`);
  };
  const types = async () => (await events()).map(({ type }) => type);
  await tell(want);
  return { ...server, ...{ log, clock, actor, play, tell, events, types } };
};

/** The compose is made at once, and can be used at once. */
export const finish = ({ set, files }: Pick<Stage, 'set' | 'files'>, id: number): void => {
  set(id, { state: 2 });
  files.add(id);
};
