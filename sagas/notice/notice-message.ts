import * as E from 'fp-ts/lib/Either.js';
import { realmOf } from '../../domain/stream-names.ts';
import type { Reading } from '../../domain/trigger/reading.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { hearImage } from './hear-image.ts';
import { hearPush } from './hear-push.ts';
import { hearSignature } from './hear-signature.ts';
import { noticeModuleState } from './notice-module-state.ts';
import { noticeUpdate } from './notice-update.ts';
import { observeCompose } from './observe-compose.ts';
import { observeTask } from './observe-task.ts';

type Notice<One extends Reading> = (
  deps: NoticeDeps,
  understood: Understood,
  reading: One,
) => Promise<Done>;
type Table = {
  readonly [Kind in Reading['kind']]: Notice<Extract<Reading, { readonly kind: Kind }>>;
};

/** Of the world as it is now: what a rehearsal's messages tell is not. */
const now =
  <One extends Reading>(notice: Notice<One>): Notice<One> =>
  (deps, understood, reading) =>
    realmOf(understood.recorded.stream) === 'rehearsal'
      ? Promise.resolve(E.right(undefined))
      : notice(deps, understood, reading);

const table: Table = {
  MBSModuleStateChangeEvent: noticeModuleState,
  GitRPMSpecChangeEvent: hearPush,
  GitModuleMetadataChangeEvent: hearPush,
  GitDockerfileChangeEvent: hearPush,
  BodhiUpdateCompleteStableEvent: noticeUpdate,
  BrewSignRPMEvent: noticeUpdate,
  KojiBuildComplete: now(hearImage),
  RpmSigned: now(hearSignature),
  BrewContainerTaskStateChangeEvent: now(observeTask),
  ODCSComposeStateChangeEvent: now(observeCompose),
};

/** Takes one understood message to where it belongs. Doing it twice changes nothing. */
export const noticeMessage = (
  deps: NoticeDeps,
  understood: Understood,
  reading: Reading,
): Promise<Done> => (table[reading.kind] as Notice<Reading>)(deps, understood, reading);
