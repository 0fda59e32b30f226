import type { DistGit } from '../../clients/dist-git/port.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import type { ClaimNumber } from '../claim-number.ts';
import type { CurrentPolicy } from '../current-policy.ts';
import type { ModuleIndex, OpenWork } from '../open-work.ts';
import type { SagaSettings } from '../settings.ts';

/** What carrying a trigger's wave to its end needs. */
export type WaveDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly policy: CurrentPolicy;
  readonly index: ModuleIndex;
  readonly openWork: OpenWork;
  readonly mbs: Pick<Mbs, 'contents'>;
  readonly distGit: Pick<DistGit, 'changedFiles'>;
  readonly claimBuildNumber: ClaimNumber;
  readonly settings: SagaSettings;
};
