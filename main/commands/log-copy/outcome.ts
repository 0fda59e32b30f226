/** What came of a copy. */
export type Outcome = {
  /** In the target, and so in the source when the copy began. */
  readonly events: number;
  readonly streams: number;
  readonly digest: string;
  /** In this run. */
  readonly copied: number;
  /** Something was appended to the source since the copy began. */
  readonly wentOn: boolean;
};

const next = `The target is the same log. Positions differ from store to store, so read models are told anew there:
start the service on it with a data folder that holds no read-models.db and no cursor file (or, with
MongoDB, with an empty database). Messages that a source tells again are known, and change nothing.
Let nothing write to the old place any more: from here on the two would be two histories.
`;

const again = `The source went on while it was copied: a service still writes to it. Stop that service, and run the
same command again: it takes along what came since.
`;

/** The outcome for people, with what to do now. */
export const inWords = ({ events, streams, digest, copied, wentOn }: Outcome): string =>
  `${copied} events copied; both sides are intact and equal: ${events} events in ${streams} streams.
Digest ${digest}
${wentOn ? again : next}`;
