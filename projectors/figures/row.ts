import type { Model } from '../read-models.ts';

/** How often each combination of label values came, by `keyOf` the values. */
export type TotalRow = { readonly counts: Readonly<Record<string, number>> };

/** One histogram: how many durations fell into each bucket (the last one: longer), and their sum. */
export type Durations = {
  readonly buckets: ReadonlyArray<number>;
  /** Whole milliseconds, so that sums stay exact. */
  readonly sum: number;
};
export type DurationsRow = { readonly spans: Readonly<Record<string, Durations>> };

/** Rows with totals of the whole log. The other rows remember what is still open. */
export const totalIds = {
  messages: 'total/messages',
  decisions: 'total/decisions',
  openBuilds: 'total/open-builds',
  endings: 'total/endings',
  messageToDecision: 'total/message-to-decision',
  decisionToRequest: 'total/decision-to-request',
  requestToFinish: 'total/request-to-finish',
} as const;

export type TotalName = keyof typeof totalIds;

/** The labels of each total, in the order of `keyOf`. */
export const labelsOf = {
  messages: ['topic', 'verdict', 'code', 'realm'],
  decisions: ['verdict', 'code', 'kind', 'realm'],
  openBuilds: ['kind', 'state', 'realm'],
  endings: ['kind', 'outcome', 'realm'],
  messageToDecision: [],
  decisionToRequest: ['kind'],
  requestToFinish: ['kind'],
} as const satisfies Readonly<Record<TotalName, ReadonlyArray<string>>>;

/** Upper ends of the buckets, in seconds; one more bucket holds what took longer. */
export const bucketsOf = {
  messageToDecision: [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600],
  decisionToRequest: [1, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 21_600, 86_400],
  requestToFinish: [30, 60, 300, 600, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800],
} as const;

export const keyOf = (values: ReadonlyArray<string>): string => JSON.stringify(values);
export const valuesOf = (key: string): ReadonlyArray<string> =>
  JSON.parse(key) as ReadonlyArray<string>;

/** What the metrics are told from: totals of the log that survive every restart. */
export const figuresModel: Model = {
  ...{ name: 'figures', version: 1, fields: {} },
  fieldsOf: () => ({}),
};
