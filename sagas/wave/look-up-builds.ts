import * as E from 'fp-ts/lib/Either.js';
import type { UpdateReading } from '../../domain/trigger/reading.ts';
import type { Noticed } from '../../domain/trigger/trigger.ts';
import type { ShippedBuild } from '../../domain/wave/lookups.ts';
import type { Hindrance } from '../act.ts';
import type { WaveDeps } from './deps.ts';
import type { Answers } from './record-answers.ts';

type Shipped = {
  readonly builds: ReadonlyArray<ShippedBuild>;
  readonly branch: string | null;
  /** What Bodhi says where it does not know the update, or why it was not asked. */
  readonly unknown?: string;
};

const told = (reading: UpdateReading): Shipped =>
  reading.kind === 'BrewSignRPMEvent'
    ? { builds: [{ nvr: reading.nvr, type: 'rpm' }], branch: reading.branch }
    : { builds: reading.builds, branch: reading.branch };

const isTold = (reading: UpdateReading, { builds, branch }: Shipped): boolean =>
  reading.kind === 'BrewSignRPMEvent' ||
  reading.via === 'tag' ||
  (builds.length > 0 && branch !== null);

const askBodhi = async (
  { bodhi }: WaveDeps,
  alias: string,
  { builds, branch }: Shipped,
): Promise<E.Either<Hindrance, Shipped>> => {
  const update = await bodhi.update(alias)();
  if (E.isLeft(update)) {
    const { code, reason } = update.left;
    const isBeyond = code === 'bodhi-missing' || code === 'bodhi-unreadable';
    return isBeyond ? E.right({ builds, branch, unknown: reason }) : update;
  }
  return E.right({
    builds: builds.length > 0 ? builds : update.right.builds,
    branch: branch ?? update.right.release.branch,
  });
};

/** A rehearsal knows what the message tells, and says so where that is nothing. */
const unasked = (known: Shipped): Shipped =>
  known.builds.length > 0
    ? known
    : { ...known, unknown: 'A rehearsal does not ask Bodhi which builds shipped.' };

const shippedBy = (
  deps: WaveDeps,
  { rehearsal }: Noticed,
  reading: UpdateReading,
): Promise<E.Either<Hindrance, Shipped>> => {
  const known = told(reading);
  if (rehearsal) return Promise.resolve(E.right(unasked(known)));
  if (isTold(reading, known)) return Promise.resolve(E.right(known));
  return askBodhi(deps, reading.id.replace(/^bodhi:/u, ''), known);
};

/** Which builds shipped, or were signed, and for which release: from the message, else Bodhi. */
export const lookUpBuilds = async (
  deps: WaveDeps,
  noticed: Noticed,
  reading: UpdateReading,
): Promise<E.Either<Hindrance, Answers>> => {
  const shipped = await shippedBy(deps, noticed, reading);
  if (E.isLeft(shipped)) return shipped;
  const { builds, branch, unknown = null } = shipped.right;
  return E.right({
    whole: [{ question: 'release', answer: { branch, unknown }, asOf: '' }],
    lists: [
      { question: 'builds', entries: builds.map(({ nvr, type }) => ({ nvr, type })), asOf: '' },
    ],
  });
};
