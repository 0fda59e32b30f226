import * as E from 'fp-ts/lib/Either.js';
import type { Koji, KojiFailure } from '../../clients/koji/port.ts';
import { branchOfTags } from '../../domain/signing/branch-of-tags.ts';
import type { Check, Pending, SigningState } from '../../domain/signing/signing.ts';
import type { UpdateReading } from '../../domain/trigger/reading.ts';
import { areAllSigned, signing } from '../../domain/signing/signing.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { Act, Hindrance } from '../act.ts';
import { again, idle, until } from '../act.ts';
import type { NoticeTrigger } from '../notice/notice-trigger.ts';

export type SigningDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly koji: Pick<Koji, 'build' | 'signaturesOf' | 'tagsOf'>;
  readonly noticeTrigger: NoticeTrigger;
};

type Said = Omit<Check, 'type' | 'heard'>;

/** Of others Koji is asked again: it is away, or its answer got lost. */
const isFinal = ({ code }: KojiFailure): boolean =>
  code === 'koji-missing' || code === 'koji-unreadable' || code === 'koji-refused';

const nothing = (failure: KojiFailure): E.Either<Hindrance, Said> =>
  isFinal(failure)
    ? E.right({ nvr: null, rpms: 0, unsigned: 0, reason: failure.reason })
    : E.left(failure);

const ask = async ({ koji }: SigningDeps, buildId: number): Promise<E.Either<Hindrance, Said>> => {
  const build = await koji.build(buildId)();
  if (E.isLeft(build)) return nothing(build.left);
  const signatures = await koji.signaturesOf(buildId)();
  if (E.isLeft(signatures)) return nothing(signatures.left);
  const { rpms, unsigned } = signatures.right;
  return E.right({ nvr: build.right.nvr, rpms, unsigned, reason: null });
};

/** The trigger is there before the check is on record: whoever dies in between does both again. */
const tellAllSigned = async (
  { koji, noticeTrigger }: SigningDeps,
  nvr: string,
  { messageId, messageStream, sentAt }: Pending,
): Promise<E.Either<Hindrance, unknown>> => {
  const tags = await koji.tagsOf(nvr)();
  if (E.isLeft(tags) && !isFinal(tags.left)) return tags;
  const branch = E.isLeft(tags) ? null : branchOfTags(tags.right);
  const reading: UpdateReading = {
    ...{ kind: 'BrewSignRPMEvent', id: `signed:${nvr}`, searchKey: nvr },
    ...{ nvr, branch, via: 'signatures' },
  };
  const occasion = { messageId, messageStream, sentAt, reading };
  return noticeTrigger('real', { correlationId: messageId }, occasion);
};

const check = async (
  deps: SigningDeps,
  stream: string,
  { heard }: SigningState,
  pending: Pending,
  said: Said,
): ReturnType<Act> => {
  if (said.nvr !== null && areAllSigned(said)) {
    const told = await tellAllSigned(deps, said.nvr, pending);
    if (E.isLeft(told)) return told;
  }
  const context = { correlationId: pending.messageId };
  const checked = await carryOut(deps.hand, deps.cache)(stream, signing, context, {
    ...{ type: 'Check', heard: heard.length, ...said },
  });
  return E.map(() => again)(checked);
};

/** Asks Koji once a burst of signatures is over; a build whose RPMs are all signed is a trigger. */
export const carrySigning =
  (deps: SigningDeps): Act =>
  async (stream) => {
    const loaded = await loadStream(deps.hand.log, deps.cache)(stream, signing);
    if (E.isLeft(loaded)) return loaded;
    const { state } = loaded.right;
    const { buildId, pending } = state;
    if (buildId === null || pending === null) return E.right(idle);
    const wait = until(pending.notBefore, deps.hand.now());
    if (wait > 0) return E.right({ after: wait });
    const said = await ask(deps, buildId);
    return E.isLeft(said) ? said : check(deps, stream, state, pending, said.right);
  };
