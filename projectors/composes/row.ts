import type { Model } from '../read-models.ts';

/** How far the compose of a trigger is. */
export const composeStates = [
  'wanted',
  'requested',
  'ready',
  'expired',
  'failed',
  'given-up',
  'released',
] as const;

/** One compose in ODCS. Times: ISO 8601 seconds, Z. */
export type OdcsCompose = {
  readonly id: number;
  readonly state: number | null;
  readonly stateName: string | null;
  readonly stateReason: string | null;
  readonly repofile: string | null;
  readonly expiresAt: string | null;
};

/** One request to ODCS. `renews` is the compose that was to live longer. */
export type ComposeAttempt = {
  readonly attempt: number;
  readonly renews: number | null;
  readonly composeId: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
};

/** An attempt at an image build that was made with the compose. */
export type ComposeUse = {
  readonly build: number;
  readonly attempt: number;
  readonly composeId: number;
};

/** The disposable repository of one trigger. Row id: its stream. Times: ISO 8601 seconds, Z. */
export type ComposeRow = {
  readonly trigger: string;
  readonly eventId: number;
  readonly state: (typeof composeStates)[number];
  readonly stateReason: string | null;
  /** Signed builds, by NVR, that it is made of. */
  readonly builds: ReadonlyArray<string>;
  readonly packages: ReadonlyArray<string>;
  readonly sigkeys: ReadonlyArray<string>;
  readonly arches: ReadonlyArray<string>;
  /** Id in ODCS of the one in use; null before the first. */
  readonly composeId: number | null;
  readonly repofile: string | null;
  readonly expiresAt: string | null;
  /** Every compose in ODCS that served the trigger, in order of their ids. */
  readonly composes: ReadonlyArray<OdcsCompose>;
  readonly attempts: ReadonlyArray<ComposeAttempt>;
  readonly usedBy: ReadonlyArray<ComposeUse>;
  readonly wantedAt: string;
};

export const composesModel: Model = {
  name: 'composes',
  version: 1,
  fields: {
    trigger: 'text',
    eventId: 'integer',
    state: 'text',
    composeIds: 'integers',
    builds: 'texts',
    usedBy: 'integers',
    wantedAt: 'text',
  },
  fieldsOf: (body) => {
    const { trigger, eventId, state, composes, builds, usedBy, wantedAt } = body as ComposeRow;
    return {
      ...{ trigger, eventId, state, builds, wantedAt },
      composeIds: composes.map(({ id }) => id),
      usedBy: [...new Set(usedBy.map(({ build }) => build))],
    };
  },
};
