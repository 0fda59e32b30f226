import type { JsonObject } from '../../domain/json.ts';
import type { Model } from '../read-models.ts';

/** The decision on one candidate of one event, as it stands. Row id: `<event>/<artifact>`. */
export type DecisionRow = {
  readonly eventId: number;
  readonly artifact: string;
  readonly kind: string;
  readonly name: string;
  readonly branch: string;
  readonly verdict: 'yes' | 'no' | 'later';
  readonly code: string;
  readonly rule: string | null;
  readonly policyVersion: string;
  readonly evidence: JsonObject;
  readonly reason: string;
  readonly waitsFor: ReadonlyArray<string>;
  readonly depth: number;
  readonly decidedAt: string;
  /** Where in the log the decision stands: stream and revision. */
  readonly recordedIn: string;
  readonly revision: number;
};

export const decisionsModel: Model = {
  name: 'decisions',
  version: 1,
  fields: {
    eventId: 'integer',
    artifact: 'text',
    name: 'text',
    verdict: 'text',
    code: 'text',
    depth: 'integer',
  },
  fieldsOf: (body) => {
    const { eventId, artifact, name, verdict, code, depth } = body as DecisionRow;
    return { eventId, artifact, name, verdict, code, depth };
  },
};
