import type { JsonObject } from '../../domain/json.ts';
import type { Model } from '../read-models.ts';

/** What is known of an image build beside its RPMs. Times: ISO 8601. */
export type ImageFacts = {
  readonly artifact: string;
  readonly name: string;
  /** Empty where Koji does not tell. */
  readonly branch: string;
  readonly namespace: string;
  readonly component: string;
  readonly buildId: number;
  readonly taskId: number | null;
  readonly target: string | null;
  readonly commit: string | null;
  readonly parent: { readonly nvr: string; readonly buildId: number } | null;
  readonly arches: ReadonlyArray<string>;
  readonly completedAt: string | null;
};

/** One build of one image, and all that it holds. Row id: the NVR. */
export type ImageRow = {
  readonly nvr: string;
  /** Null until all of its parts are there. */
  readonly facts: ImageFacts | null;
  /** `name-version-release`, with the epoch in front of the version where there is one, by source. */
  readonly rpms: Readonly<Record<string, ReadonlyArray<string>>>;
};

export const imagesModel: Model = {
  name: 'images',
  version: 1,
  fields: { nvr: 'text', artifact: 'text', buildId: 'integer' },
  fieldsOf: (body: JsonObject) => {
    const { nvr, facts } = body as ImageRow;
    return {
      nvr,
      artifact: facts?.artifact ?? null,
      buildId: facts?.buildId ?? null,
    };
  },
};
