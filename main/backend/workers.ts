import type { FoldCache } from '../../event-log/carry-out.ts';
import { buildNumbers, triggerNumbers } from '../../domain/stream-names.ts';
import { askImages } from '../../projectors/image-index/ask.ts';
import { imageIndexModel } from '../../projectors/image-index/row.ts';
import { imagesModel } from '../../projectors/images/row.ts';
import { dependents, holding } from '../../projectors/module-index/ask.ts';
import { moduleIndexModel } from '../../projectors/module-index/row.ts';
import { dueWork, openClaims, unknownImages } from '../../projectors/open-work/ask.ts';
import { openWorkModel } from '../../projectors/open-work/row.ts';
import { claimFrom } from '../../sagas/claim-number.ts';
import { currentPolicyOf } from '../../sagas/current-policy.ts';
import { noticeTriggerWith } from '../../sagas/notice/notice-trigger.ts';
import { carryCompose } from '../../sagas/compose/carry-compose.ts';
import { carryContents } from '../../sagas/contents/carry-contents.ts';
import { settlePushes } from '../../sagas/pushes/settle-pushes.ts';
import { carryBuild } from '../../sagas/rebuild/carry-build.ts';
import { noteLateImage } from '../../sagas/rebuild/late-image.ts';
import { carrySigning } from '../../sagas/signing/carry-signing.ts';
import { carryWave } from '../../sagas/wave/carry-wave.ts';
import type { WorkerDeps } from '../../sagas/worker.ts';
import { worker } from '../../sagas/worker.ts';
import type { Config } from '../config/settings.ts';
import { handOf, monotonic, now } from '../identity.ts';
import type { Logger } from '../logger.ts';
import type { Stores } from '../open-stores.ts';
import type { Clients } from './clients.ts';
import type { Workers } from './wake.ts';

/** Streams each saga looks at side by side: builds call outside, the others hardly do. */
const concurrency: Readonly<Record<WorkerDeps['saga'], number>> = {
  ...{ pushes: 8, wave: 8, rebuild: 16, compose: 4, contents: 4, signing: 4 },
};

/** Every saga with its worker, on these stores and clients; `owner` is this process. */
export const workersOf = (
  config: Config,
  stores: Stores,
  { mbs, distGit, koji, odcs, bodhi }: Clients,
  owner: string,
  logger: Logger,
  beatOf: (saga: WorkerDeps['saga']) => () => void,
): Workers => {
  const { log, logId, readModels } = stores;
  const cache: FoldCache = new Map();
  const hand = handOf(log, 'freshmaker');
  const policy = currentPolicyOf(log);
  const noticeTrigger = noticeTriggerWith(hand, cache, claimFrom(hand, triggerNumbers));
  const claimBuildNumber = claimFrom(hand, buildNumbers);
  const index = readModels.reader(openWorkModel);
  const modules = readModels.reader(moduleIndexModel);
  const images = askImages(readModels.reader(imageIndexModel), readModels.reader(imagesModel));
  const openWork = { due: dueWork(index), openClaims: openClaims(index) };
  const settings = {
    pollEvery: config.pollEvery * 1000,
    lookAgainEvery: config.lookAgainEvery * 1000,
    askTimeout: config.mbsReadTimeout * 1000,
    longestBackOff: 60_000,
    composeLifetime: config.composeLifetime * 1000,
  };
  const report = logger.saga;
  const common = { hand, cache, policy, settings, mbs, distGit, koji, images, claimBuildNumber };
  const process = { owner, monotonic, jitter: Math.random };
  const run = (saga: WorkerDeps['saga'], act: WorkerDeps['act']) =>
    worker({
      ...{ saga, act, openWork, now, monotonic, report, concurrency: concurrency[saga] },
      longestBackOff: settings.longestBackOff,
      beat: beatOf(saga),
    });
  return {
    pushes: run('pushes', settlePushes({ hand, cache, policy, noticeTrigger })),
    contents: run(
      'contents',
      carryContents({ hand, koji, noteLateImage: noteLateImage({ hand, cache }) }),
    ),
    signing: run('signing', carrySigning({ hand, cache, koji, noticeTrigger })),
    compose: run('compose', carryCompose({ hand, cache, policy, settings, odcs, ...process })),
    wave: run(
      'wave',
      carryWave({
        ...{ ...common, openWork, bodhi, unknownImages: unknownImages(index) },
        index: { holding: holding(modules), dependents: dependents(modules) },
      }),
    ),
    rebuild: run(
      'rebuild',
      carryBuild({
        ...{ ...common, ...process, triggerNumbers, logId, report },
      }),
    ),
  };
};
