import * as E from 'fp-ts/lib/Either.js';
import type { ArtifactState, ImageOrder, Running } from '../../domain/artifact/state.ts';
import { composeAnswer } from '../../domain/compose/answer.ts';
import { compose } from '../../domain/compose/compose.ts';
import type { ComposeState } from '../../domain/compose/state.ts';
import { usableAt } from '../../domain/compose/state.ts';
import { composeOf, isCompose, realmOf, waitStream } from '../../domain/stream-names.ts';
import { loadStream } from '../../event-log/carry-out.ts';
import type { Hindrance } from '../act.ts';
import type { RebuildDeps } from './deps.ts';

type UsedCompose = ImageOrder['composes'][number];

/** Whether everything a build is to be made with can be used at this moment. */
export type Composes =
  | { readonly type: 'usable'; readonly composes: ReadonlyArray<UsedCompose> }
  | { readonly type: 'waiting' }
  /** One of them cannot be had any more: the claim that needs it has no way to be answered. */
  | {
      readonly type: 'given-up';
      readonly trigger: string;
      readonly code: string;
      readonly reason: string;
    };

const load = async (
  { hand, cache }: RebuildDeps,
  stream: string,
  id: string,
): Promise<E.Either<Hindrance, ComposeState>> => {
  const loaded = await loadStream(hand.log, cache)(waitStream(realmOf(stream), id), compose);
  return E.map(({ state }: { readonly state: ComposeState }) => state)(loaded);
};

const standing = (trigger: string, state: ComposeState, at: string): Composes => {
  const usable = usableAt(state, at);
  if (usable !== null) {
    const { composeId: id, repofile } = usable;
    return { type: 'usable', composes: [{ trigger, id, repofile }] };
  }
  const answer = composeAnswer(state);
  if (answer.type === 'given-up') {
    return { type: 'given-up', trigger, code: answer.code, reason: answer.reason };
  }
  return { type: 'waiting' };
};

/** Triggers of a running build whose claims still stand, and that a compose was made for. */
const withCompose = (state: ArtifactState, { triggers }: Running): ReadonlyArray<string> =>
  triggers.filter((trigger) => {
    const claim = state.causes[trigger];
    return claim?.status === 'open' && claim.freedBy.some(({ parent }) => isCompose(parent));
  });

/** The composes of a build's causes, each looked at in its own stream. */
export const composesOf = async (
  deps: RebuildDeps,
  stream: string,
  state: ArtifactState,
  running: Running,
): Promise<E.Either<Hindrance, Composes>> => {
  const at = deps.hand.now();
  const found: Array<UsedCompose> = [];
  for (const trigger of withCompose(state, running)) {
    const loaded = await load(deps, stream, composeOf(trigger));
    if (E.isLeft(loaded)) return loaded;
    const stands = standing(trigger, loaded.right, at);
    if (stands.type !== 'usable') return E.right(stands);
    found.push(...stands.composes);
  }
  return E.right({ type: 'usable', composes: found });
};

/** The first compose of a prepared attempt that is no longer what it was; undefined when all are. */
export const goneCompose = async (
  deps: RebuildDeps,
  stream: string,
  { attempt }: Running,
): Promise<E.Either<Hindrance, UsedCompose | undefined>> => {
  const at = deps.hand.now();
  for (const used of attempt.order?.composes ?? []) {
    const loaded = await load(deps, stream, composeOf(used.trigger));
    if (E.isLeft(loaded)) return loaded;
    if (usableAt(loaded.right, at)?.composeId !== used.id) return E.right(used);
  }
  return E.right(undefined);
};
