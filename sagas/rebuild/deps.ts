import type { DistGit } from '../../clients/dist-git/port.ts';
import type { Koji } from '../../clients/koji/port.ts';
import type { Mbs } from '../../clients/mbs/port.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import type { ClaimNumber } from '../claim-number.ts';
import type { CurrentPolicy } from '../current-policy.ts';
import type { ImageIndex } from '../image-index.ts';
import type { SagaSettings } from '../settings.ts';
import type { Report } from '../worker.ts';

/** What rebuilding one artifact needs. */
export type RebuildDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly policy: CurrentPolicy;
  readonly mbs: Mbs;
  readonly koji: Koji;
  /** What is on record of an image's newest build. */
  readonly images: Pick<ImageIndex, 'image'>;
  readonly distGit: DistGit;
  readonly claimBuildNumber: ClaimNumber;
  /** The stream the numbers of triggers come from. */
  readonly triggerNumbers: string;
  /** This process, for as long as it runs: the owner of the calls it makes. */
  readonly owner: string;
  /** Identity of the log: makes the keys of bump commits unique among installations. */
  readonly logId: string;
  /** Milliseconds, never going back. */
  readonly monotonic: () => number;
  /** From 0 up to 1: spreads retries. */
  readonly jitter: () => number;
  readonly settings: SagaSettings;
  readonly report: Report;
};
