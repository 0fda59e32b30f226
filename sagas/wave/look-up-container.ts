import type * as E from 'fp-ts/lib/Either.js';
import { imageArtifact } from '../../domain/stream-names.ts';
import type { UpdateReading } from '../../domain/trigger/reading.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import { isAffected } from '../../domain/wave/candidates.ts';
import { imagesAffected } from '../../domain/wave/image-facts.ts';
import { needsCompose } from '../../domain/wave/wave-of.ts';
import type { Hindrance } from '../act.ts';
import type { WaveDeps } from './deps.ts';
import { lookUpBuilds } from './look-up-builds.ts';
import { lookUpChildren } from './look-up-children.ts';
import { lookUpImages } from './look-up-images.ts';
import { lookUpRpms } from './look-up-rpms.ts';
import { lookUpSignatures } from './look-up-signatures.ts';
import type { Answers } from './record-answers.ts';
import { isUnknown } from './tell.ts';

/** A question that is to be asked next. `needed`: the log position an index must have seen. */
export type Question = (deps: WaveDeps, needed: string) => Promise<E.Either<Hindrance, Answers>>;

const ofUpdate = (
  state: TriggerState,
  noticed: Noticed,
  reading: UpdateReading,
): Question | undefined => {
  const { lookups } = state;
  if (isUnknown(state, 'builds')) return (deps) => lookUpBuilds(deps, noticed, reading);
  if (isUnknown(state, 'rpms')) return (deps) => lookUpRpms(deps, noticed, lookups);
  if (isUnknown(state, 'images')) return (deps, needed) => lookUpImages(deps, needed, lookups);
  const affected = imagesAffected(lookups).filter(isAffected);
  if (isUnknown(state, 'children')) {
    const roots = affected.map(({ artifact }) => artifact);
    return (deps, needed) => lookUpChildren(deps, needed, roots);
  }
  if (!needsCompose(noticed) || affected.length === 0) return undefined;
  return isUnknown(state, 'signatures')
    ? (deps) => lookUpSignatures(deps, noticed, lookups)
    : undefined;
};

/** What is still to be asked before images can be decided on; undefined when all is known. */
export const nextQuestion = (state: TriggerState, noticed: Noticed): Question | undefined => {
  const { reading } = noticed;
  switch (reading.kind) {
    case 'GitDockerfileChangeEvent': {
      const roots = [imageArtifact(reading.repo, reading.branch)];
      if (!isUnknown(state, 'children')) return undefined;
      return (deps, needed) => lookUpChildren(deps, needed, roots);
    }
    case 'BodhiUpdateCompleteStableEvent':
    case 'BrewSignRPMEvent':
      return ofUpdate(state, noticed, reading);
    case 'GitRPMSpecChangeEvent':
    case 'GitModuleMetadataChangeEvent':
    case 'MBSModuleStateChangeEvent':
      return undefined;
  }
};

/** Images are what this trigger is about. */
export const isAboutImages = ({ reading }: Noticed): boolean =>
  reading.kind === 'GitDockerfileChangeEvent' ||
  reading.kind === 'BodhiUpdateCompleteStableEvent' ||
  reading.kind === 'BrewSignRPMEvent';
