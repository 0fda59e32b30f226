import type { ImageBuildPrepared } from './image-events.ts';
import type { ArtifactState, ImageOrder } from './state.ts';

/** What was prepared, without of which attempt. */
export const orderOf = (event: ImageBuildPrepared): ImageOrder => ({
  repository: event.repository,
  commit: event.commit,
  source: event.source,
  target: event.target,
  branch: event.branch,
  release: event.release,
  originalNvr: event.originalNvr,
  rebuiltNvr: event.rebuiltNvr,
  parent: event.parent,
  originalParent: event.originalParent,
  arches: event.arches,
  composes: event.composes,
  at: event.at,
});

/** The Unix seconds a release of ours ends in; 0 for any other. */
export const stampOf = (release: string): number => Number(/\.(\d+)$/u.exec(release)?.[1] ?? 0);

/** The newest release of ours is unique as long as every next one is greater. */
export const nextStamp = ({ lastStamp }: ArtifactState, unixSeconds: number): number =>
  Math.max(unixSeconds, lastStamp + 1);
