import type { Bodhi } from '../../clients/bodhi/port.ts';
import type { DistGit } from '../../clients/dist-git/port.ts';
import type { Koji } from '../../clients/koji/port.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import type { ClaimNumber } from '../claim-number.ts';
import type { CurrentPolicy } from '../current-policy.ts';
import type { ImageIndex } from '../image-index.ts';
import type { ModuleIndex, OpenWork, UnknownImages } from '../open-work.ts';
import type { SagaSettings } from '../settings.ts';

/** What carrying a trigger's wave to its end needs. */
export type WaveDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly policy: CurrentPolicy;
  readonly index: ModuleIndex;
  readonly images: Pick<ImageIndex, 'everHeld' | 'everHeldOfSource' | 'children'>;
  readonly openWork: Pick<OpenWork, 'openClaims'>;
  readonly unknownImages: UnknownImages;
  readonly mbs: Pick<Mbs, 'contents' | 'rpmBuilds'>;
  readonly koji: Pick<Koji, 'build' | 'rpmsOf' | 'signaturesOf'>;
  readonly bodhi: Bodhi;
  readonly distGit: Pick<DistGit, 'changedFiles'>;
  readonly claimBuildNumber: ClaimNumber;
  readonly settings: Pick<SagaSettings, 'lookAgainEvery' | 'composeLifetime'>;
};
