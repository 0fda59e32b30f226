import type { ArtifactEvent } from '../../../domain/artifact/events.ts';
import type { ImageOrder } from '../../../domain/artifact/state.ts';
import type { Command, Event } from './an-artifact.ts';
import { clock, intended, planned, started, submitted, taken } from './an-artifact.ts';

export const id = 'image:httpd:f28';
const names = { artifact: id, name: 'httpd', branch: 'f28' };
export const stamp = 1_772_359_500;

export const planImage = (build = 1): Event<'BuildPlanned'> => planned(build, names);

export const order: Command<'PrepareImage'>['order'] = {
  ...{ repository: 'container/httpd', commit: 'c1', target: 'f28-container-candidate' },
  ...{ source: 'https://git.example.org/container/httpd.git?#c1', branch: 'f28' },
  ...{ originalNvr: 'httpd-2.4-6.f28', parent: 'base-28-3.99', originalParent: 'base-28-3' },
  ...{ arches: ['x86_64'], composes: [{ trigger: 't1', id: 12, repofile: null }] },
};
export const prepareImage = (
  rest: Partial<Command<'PrepareImage'>> = {},
): Command<'PrepareImage'> => ({
  ...{ type: 'PrepareImage', build: 1, attempt: 1, order, unixSeconds: stamp },
  at: clock('10:05'),
  ...rest,
});
const release = (seconds: number): Pick<ImageOrder, 'release' | 'rebuiltNvr'> => ({
  release: `6.${seconds}`,
  rebuiltNvr: `httpd-2.4-6.${seconds}`,
});
export const imagePrepared = (
  seconds = stamp,
  attempt = 1,
  build = 1,
): Event<'ImageBuildPrepared'> => ({
  ...{ type: 'ImageBuildPrepared', build, attempt, ...order, ...release(seconds) },
  at: clock('10:05'),
});

export const taskStates = ['FREE', 'OPEN', 'CLOSED', 'CANCELED', 'ASSIGNED', 'FAILED'];
export const taskSeen = (
  seen: number,
  stateReason: string | null = null,
  rest: Partial<Event<'BuildStateObserved'>> = {},
): Event<'BuildStateObserved'> => ({
  ...{ type: 'BuildStateObserved', build: 1, attempt: 1, externalId: 701, state: seen },
  ...{ stateName: taskStates[seen] ?? '', stateReason, via: 'poll' },
  ...rest,
});
export const seeTask = (
  seen: number,
  rest: Partial<Command<'ObserveState'>> = {},
): Command<'ObserveState'> => ({
  ...{ type: 'ObserveState', externalId: 701, state: seen, stateName: taskStates[seen] ?? '' },
  ...{ stateReason: null, via: 'poll', retries: 0, retryAt: clock('10:10'), at: clock('10:30') },
  ...rest,
});
export const imageBuilt = (nvr = `httpd-2.4-6.${stamp}`, attempt = 1): Event<'ImageBuilt'> => ({
  ...{ type: 'ImageBuilt', build: 1, attempt, kojiBuildId: 88, nvr, at: clock('10:30') },
});
export const recordBuilt = (
  rest: Partial<Command<'RecordBuilt'>> = {},
): Command<'RecordBuilt'> => ({
  ...{ type: 'RecordBuilt', build: 1, attempt: 1, kojiBuildId: 88 },
  ...{ nvr: `httpd-2.4-6.${stamp}`, at: clock('10:30') },
  ...rest,
});

/** The build of one cause of an image, as far as it runs. */
export const running: ReadonlyArray<ArtifactEvent> = [planImage(), taken(1), started(1, ['t1'])];
export const prepared: ReadonlyArray<ArtifactEvent> = [...running, imagePrepared()];
export const calling: ReadonlyArray<ArtifactEvent> = [...prepared, intended()];
export const building: ReadonlyArray<ArtifactEvent> = [...calling, submitted()];
export const closed: ReadonlyArray<ArtifactEvent> = [...building, taskSeen(2)];
