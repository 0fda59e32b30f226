import * as E from 'fp-ts/lib/Either.js';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import type { SignedBuild } from '../../domain/wave/lookups.ts';
import { buildsOf } from '../../domain/wave/lookups.ts';
import type { Hindrance } from '../act.ts';
import { secondsFrom } from '../act.ts';
import { forEach } from '../side-by-side.ts';
import type { WaveDeps } from './deps.ts';
import type { Answers } from './record-answers.ts';

const ask = async ({ koji }: WaveDeps, nvr: string): Promise<E.Either<Hindrance, SignedBuild>> => {
  const build = await koji.build(nvr)();
  const signatures = E.isLeft(build) ? build : await koji.signaturesOf(build.right.id)();
  if (E.isRight(signatures)) return E.right({ nvr, ...signatures.right });
  const { code } = signatures.left;
  if (code !== 'koji-missing' && code !== 'koji-unreadable') return signatures;
  return E.right({ nvr, rpms: 0, unsigned: 0, keys: [] });
};

/** Koji may be told of the last signature a little later than the bus, in seconds. */
const patience = 600;

const isUnsigned = ({ unsigned, keys }: SignedBuild): boolean => unsigned > 0 || keys.length === 0;

/**
 * With which keys the builds are signed that a repository is to be made of. A build that is not all
 * signed yet is asked about again until its message is ten minutes old.
 */
export const lookUpSignatures = async (
  deps: WaveDeps,
  { sentAt }: Noticed,
  lookups: TriggerState['lookups'],
): Promise<E.Either<Hindrance, Answers>> => {
  const signed = await forEach(buildsOf(lookups), 4, ({ nvr }) => ask(deps, nvr));
  if (E.isLeft(signed)) return signed;
  const pending = signed.right.find(isUnsigned);
  if (pending !== undefined && deps.hand.now() < secondsFrom(sentAt, patience)) {
    const reason = `${pending.unsigned} of ${pending.rpms} RPMs of ${pending.nvr} are not signed yet.`;
    return E.left({ code: 'not-signed-yet', reason });
  }
  return E.right({
    whole: [],
    lists: [{ question: 'signatures', entries: signed.right, asOf: '' }],
  });
};
