import type { Action, DifferenceCode, Question } from '../../domain/reconcile/vocabulary.ts';
import type { Model } from '../read-models.ts';

export const reconciliationStates = ['running', 'completed', 'abandoned'] as const;

/** One comparison of the record with what the services say. Row id: its number. Times: ISO seconds, Z. */
export type ReconciliationRow = {
  readonly kind: 'run';
  readonly run: number;
  readonly why: 'schedule' | 'order';
  readonly state: (typeof reconciliationStates)[number];
  /** Why it was abandoned. */
  readonly stateReason: string | null;
  readonly owner: string;
  /** How often another process had to take it over. */
  readonly takenOver: number;
  readonly beganAt: string;
  readonly endedAt: string | null;
  readonly asked: ReadonlyArray<{ readonly question: Question; readonly count: number }>;
  readonly unreachable: ReadonlyArray<{
    readonly question: Question;
    readonly code: string;
    readonly reason: string;
  }>;
  readonly differences: number;
  readonly left: number;
  readonly missedMessages: number;
  readonly newModules: number;
  readonly newImages: number;
};

/** One difference that was found. Row id: its run, a slash, and where it stands in the stream. */
export type DifferenceRow = {
  readonly kind: 'difference';
  readonly run: number;
  readonly number: number;
  readonly system: 'mbs' | 'koji' | 'odcs';
  readonly code: DifferenceCode;
  readonly stream: string | null;
  readonly build: number | null;
  readonly attempt: number | null;
  readonly externalId: number | null;
  readonly subject: string;
  readonly recorded: string | null;
  readonly found: string | null;
  readonly action: Action;
  readonly foundAt: string;
};

export type Reconciled = ReconciliationRow | DifferenceRow;

const ofNeither = {
  ...{ number: null, why: null, state: null, system: null, code: null, action: null, build: null },
};

export const reconciliationsModel: Model = {
  name: 'reconciliations',
  version: 1,
  fields: {
    kind: 'text',
    run: 'integer',
    number: 'integer',
    why: 'text',
    state: 'text',
    system: 'text',
    code: 'text',
    action: 'text',
    build: 'integer',
  },
  fieldsOf: (body) => {
    const row = body as Reconciled;
    const { kind, run } = row;
    if (row.kind === 'run') return { ...ofNeither, kind, run, why: row.why, state: row.state };
    const { number, system, code, action, build } = row;
    return { ...ofNeither, kind, run, number, system, code, action, build };
  },
};
