import * as E from 'fp-ts/lib/Either.js';
import type { BranchState, Push } from '../../domain/branch/branch.ts';
import { branch, coveredBy } from '../../domain/branch/branch.ts';
import { realmOf } from '../../domain/stream-names.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import { appendEvents, carryOut, decodeRecorded, loadStream } from '../../event-log/carry-out.ts';
import type { Act, Hindrance } from '../act.ts';
import { again, idle, secondsFrom, until } from '../act.ts';
import type { CurrentPolicy } from '../current-policy.ts';
import type { NoticeTrigger } from '../notice/notice-trigger.ts';

export type PushDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly policy: CurrentPolicy;
  readonly noticeTrigger: NoticeTrigger;
};

type Done = E.Either<Hindrance, unknown>;

/** The message is set aside in its own stream first: what is settled must have been told. */
const setAside = async (deps: PushDeps, push: Push, by: Push): Promise<Done> => {
  const { log } = deps.hand;
  const last = await log.last(push.messageStream)();
  if (E.isLeft(last) || last.right === undefined) return last;
  const event = decodeRecorded(last.right);
  if (E.isLeft(event) || event.right.type === 'MessageSetAside') return event;
  const { revision, metadata } = last.right;
  const context = { correlationId: push.messageId, causationId: last.right.id };
  const explanation = `${by.reading.publisher} has told of this push: message ${by.messageId}.`;
  return appendEvents(deps.hand)(push.messageStream, { revision, hash: metadata.hash }, context, [
    { type: 'MessageSetAside', code: 'covered', explanation },
  ]);
};

const cover = async (deps: PushDeps, stream: string, push: Push, by: Push): Promise<Done> => {
  const told = await setAside(deps, push, by);
  if (E.isLeft(told)) return told;
  const { messageId } = push;
  const context = { correlationId: messageId };
  return carryOut(deps.hand, deps.cache)(stream, branch, context, {
    ...{ type: 'Settle', messageId, as: 'covered', by: by.messageId },
  });
};

const use = async (deps: PushDeps, stream: string, push: Push): Promise<Done> => {
  const { messageId, messageStream, sentAt, reading } = push;
  const context = { correlationId: messageId };
  const occasion = { messageId, messageStream, sentAt, reading };
  const noticed = await deps.noticeTrigger(realmOf(stream), context, occasion);
  if (E.isLeft(noticed)) return noticed;
  return carryOut(deps.hand, deps.cache)(stream, branch, context, {
    ...{ type: 'Settle', messageId, as: 'used', trigger: reading.id },
  });
};

const settle = async (
  deps: PushDeps,
  stream: string,
  state: BranchState,
  push: Push,
): Promise<Done> => {
  if (push.authoritative) return use(deps, stream, push);
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { coverWindow } = inForce.right.policy.pushes;
  const from = secondsFrom(push.sentAt, -coverWindow);
  const by = coveredBy(state, push, { from, to: secondsFrom(push.sentAt, coverWindow) });
  return by === undefined ? use(deps, stream, push) : cover(deps, stream, push, by);
};

/** Every push heard becomes a trigger, or is covered by what the authoritative publisher said. */
export const settlePushes =
  (deps: PushDeps): Act =>
  async (stream) => {
    const loaded = await loadStream(deps.hand.log, deps.cache)(stream, branch);
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    const now = deps.hand.now();
    const open = state.pushes.filter((push) => !push.settled);
    const due = open.find((push) => until(push.notBefore, now) === 0);
    if (due !== undefined) {
      const settled = await settle(deps, stream, state, due);
      return E.isLeft(settled) ? settled : E.right(again);
    }
    if (open.length === 0) return E.right(idle);
    return E.right({ after: Math.min(...open.map((push) => until(push.notBefore, now))) });
  };
