import * as E from 'fp-ts/lib/Either.js';
import { compose } from '../../domain/compose/compose.ts';
import type { ComposeState } from '../../domain/compose/state.ts';
import { isOpen } from '../../domain/compose/state.ts';
import type { Difference } from '../../domain/reconcile/state.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import { look } from '../compose/follow.ts';
import type { Outside, ReconcileDeps } from './deps.ts';
import { askOpen } from './open-things.ts';
import type { Ask, Thing } from './question.ts';
import { difference } from './question.ts';

type Odcs = NonNullable<Outside['odcs']>;
type Seen = Parameters<typeof inWords>[0];
type Found = Promise<E.Either<Hindrance, ReadonlyArray<Thing>>>;

const inWords = ({
  stateName,
}: {
  readonly state: number;
  readonly stateName: string;
  readonly stateReason: string | null;
}): string => stateName;

/** Whether the decider, told of the compose, would have anything to write down. */
const isNews = (state: ComposeState, composeId: number, seen: Seen): boolean => {
  const { state: number, stateName, stateReason } = seen;
  const decided = compose.decide(
    {
      ...{ type: 'ObserveCompose', composeId, state: number, stateName, stateReason },
      ...{ via: 'poll', retries: 0, retryAt: '', at: '' },
    },
    state,
  );
  return E.isRight(decided) && decided.right.length > 0;
};

const recordedOf = ({ live, ready }: ComposeState, composeId: number): string | null =>
  ready?.composeId === composeId ? 'ready' : (live?.seen?.stateName ?? null);

const held =
  (
    { hand, cache }: ReconcileDeps,
    stream: string,
    compare: (state: ComposeState) => Difference | undefined,
  ): Thing['examine'] =>
  async () => {
    const loaded = await loadStream(hand.log, cache)(stream, compose);
    return E.isLeft(loaded) ? loaded : E.right(compare(loaded.right.state));
  };

const about = (stream: string, externalId: number, { order }: ComposeState) => ({
  ...{ system: 'odcs' as const, stream, externalId, action: 'look' as const },
  subject: order?.builds.slice(0, 10).join(', ') ?? '',
});

const seenThing = (deps: ReconcileDeps, stream: string, composeId: number, seen: Seen): Thing => ({
  examine: held(deps, stream, (state) =>
    isNews(state, composeId, seen)
      ? difference({
          ...{ ...about(stream, composeId, state), code: 'state-differs' },
          ...{ recorded: recordedOf(state, composeId), found: inWords(seen) },
        })
      : undefined,
  ),
});

const foundThing = (
  deps: ReconcileDeps,
  stream: string,
  attempt: number,
  composeId: number | undefined,
): Thing => ({
  examine: held(deps, stream, (state) => {
    const isOpenCall = state.live?.attempt === attempt && state.live.composeId === null;
    if (composeId === undefined || !isOpenCall) return undefined;
    return difference({
      ...{ ...about(stream, composeId, state), code: 'outcome-unrecorded' },
      ...{ recorded: 'intended', found: String(composeId) },
    });
  }),
});

/** Of a call that is to make a compose, and has no outcome on record: what ODCS has of it. */
const openCall = async (
  deps: ReconcileDeps,
  odcs: Odcs,
  stream: string,
  { order, live }: ComposeState,
): Found => {
  const isToMake = live?.composeId === null && live.renews === null;
  if (order === null || !isToMake || live.intent === null) return E.right([]);
  const found = await odcs.find(order, live.intent.newestId)();
  return E.map((made: { readonly id: number } | undefined) => [
    foundThing(deps, stream, live.attempt, made?.id),
  ])(found);
};

const thingsOf = async (deps: ReconcileDeps, odcs: Odcs, stream: string): Found => {
  const loaded = await loadStream(deps.hand.log, deps.cache)(stream, compose);
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  if (!isOpen(state)) return E.right([]);
  const ids = [state.live?.composeId, state.ready?.composeId].filter((id) => id != null);
  const things: Array<Thing> = [];
  for (const id of new Set(ids)) {
    const seen = await look({ odcs }, id);
    if (E.isLeft(seen)) return seen;
    things.push(seenThing(deps, stream, id, seen.right));
  }
  const call = await openCall(deps, odcs, stream, state);
  return E.map((more: ReadonlyArray<Thing>) => [...things, ...more])(call);
};

/** Composes that are open by our record: those being made, those kept, and calls without an outcome. */
export const askOpenComposes: Ask = async (deps, course) => {
  const { odcs } = deps.outside;
  if (odcs === undefined) return undefined;
  return askOpen(deps, course, 'compose', (stream) => thingsOf(deps, odcs, stream));
};
