import type { JsonObject } from '../../domain/json.ts';
import type { Model } from '../read-models.ts';

/** States of the REST API's builds. */
export const buildStates = { BUILD: 0, DONE: 1, FAILED: 2, CANCELED: 3, PLANNED: 4 } as const;
/** Artifact types of the REST API. */
export const artifactTypes = { RPM: 0, IMAGE: 1, MODULE: 2, IMAGE_REPOSITORY: 3 } as const;

/** What Koji is asked for in one try at an image. */
export type OrderRow = {
  readonly repository: string;
  readonly target: string;
  readonly release: string;
  /** NVR of the image to build on in place of FROM; null leaves it to FROM. */
  readonly parent: string | null;
  readonly originalParent: string | null;
  readonly arches: ReadonlyArray<string>;
  /** By their ids in ODCS. */
  readonly composes: ReadonlyArray<number>;
};

/** What one try at a build came to. Times: ISO 8601 seconds, Z. */
export type AttemptRow = {
  readonly attempt: number;
  readonly commit: string | null;
  /** Of an image only. */
  readonly order?: OrderRow;
  /** Of an image only: the NVR it was to have, or has. */
  readonly nvr?: string | null;
  readonly externalIds: ReadonlyArray<number>;
  readonly outcome: string | null;
  readonly reason: string | null;
};

/** What the REST API shows of one rebuild of one artifact. Row id: the number as text. */
export type BuildRow = {
  readonly id: number;
  readonly name: string;
  /** Module stream or dist-git branch; null for an imported row. */
  readonly branch: string | null;
  readonly artifact: string | null;
  readonly type: number;
  readonly state: number;
  readonly stateReason: string | null;
  readonly rebuildReason: 'unknown' | 'directly_affected' | 'dependency';
  readonly originalNvr: string | null;
  readonly rebuiltNvr: string | null;
  readonly depOn: string | null;
  readonly depOnId: number | null;
  readonly timeSubmitted: string;
  readonly timeCompleted: string | null;
  /** The first event that caused it; `eventIds` has all of them. */
  readonly eventId: number;
  readonly eventIds: ReadonlyArray<number>;
  readonly eventTypeId: number | null;
  readonly eventSearchKey: string | null;
  readonly buildId: number | null;
  readonly buildArgs: JsonObject;
  readonly odcsComposes: ReadonlyArray<number>;
  readonly dryRun: boolean;
  readonly attempts: ReadonlyArray<AttemptRow>;
};

export const buildsModel: Model = {
  name: 'builds',
  version: 2,
  fields: {
    id: 'integer',
    name: 'text',
    type: 'integer',
    state: 'integer',
    originalNvr: 'text',
    rebuiltNvr: 'text',
    eventId: 'integer',
    eventIds: 'integers',
    depOnId: 'integer',
    buildId: 'integer',
    eventTypeId: 'integer',
    eventSearchKey: 'text',
    artifact: 'text',
  },
  fieldsOf: (body) => {
    const row = body as BuildRow;
    return {
      id: row.id,
      name: row.name,
      type: row.type,
      state: row.state,
      originalNvr: row.originalNvr,
      rebuiltNvr: row.rebuiltNvr,
      eventId: row.eventId,
      eventIds: row.eventIds,
      depOnId: row.depOnId,
      buildId: row.buildId,
      eventTypeId: row.eventTypeId,
      eventSearchKey: row.eventSearchKey,
      artifact: row.artifact,
    };
  },
};
