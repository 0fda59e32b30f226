import * as E from 'fp-ts/lib/Either.js';
import type { Realm } from '../../domain/stream-names.ts';
import type { SetAsideCode } from '../../ingest/set-aside.ts';
import type { DurationsRow, Durations, TotalName, TotalRow } from '../../projectors/figures/row.ts';
import { bucketsOf, labelsOf, totalIds, valuesOf } from '../../projectors/figures/row.ts';
import type { Reader } from '../../projectors/read-models.ts';
import type { Family, Sample } from './exposition.ts';

type Told = Pick<Family, 'name' | 'help' | 'type'>;

const told = {
  messages: {
    ...{ name: 'freshmaker_messages_total', type: 'counter' },
    help: 'Messages by what became of them; code says why one was set aside. A covered one was understood first.',
  },
  decisions: {
    ...{ name: 'freshmaker_decisions_total', type: 'counter' },
    help: 'Decisions on candidates, those that were taken anew included.',
  },
  openBuilds: {
    ...{ name: 'freshmaker_builds', type: 'gauge' },
    help: 'Builds that have not ended: planned, or building.',
  },
  endings: {
    ...{ name: 'freshmaker_builds_ended_total', type: 'counter' },
    help: 'Builds that ended. A revived one had failed before.',
  },
  messageToDecision: {
    ...{ name: 'freshmaker_message_to_decision_seconds', type: 'histogram' },
    help: 'From a message on record to the decisions on all that it affects.',
  },
  decisionToRequest: {
    ...{ name: 'freshmaker_decision_to_request_seconds', type: 'histogram' },
    help: 'From a decision to the request to the build system: quiet windows and the waiting for parents are within.',
  },
  requestToFinish: {
    ...{ name: 'freshmaker_request_to_finish_seconds', type: 'histogram' },
    help: 'From the first request of a build to its end.',
  },
} as const satisfies Readonly<Record<TotalName, Told>>;

const labelled = (name: TotalName, key: string): Readonly<Record<string, string>> => {
  const values = valuesOf(key);
  return Object.fromEntries(labelsOf[name].map((label, at) => [label, values[at] ?? '']));
};

const counts = (name: TotalName, row: TotalRow | undefined): ReadonlyArray<Sample> =>
  Object.entries(row?.counts ?? {}).map(([key, value]) => ({ labels: labelled(name, key), value }));

const histogram = (
  ends: ReadonlyArray<number>,
  labels: Readonly<Record<string, string>>,
  { buckets, sum }: Durations,
): ReadonlyArray<Sample> => {
  let upTo = 0;
  const samples = buckets.map((count, at): Sample => {
    upTo += count;
    const le = ends[at] === undefined ? '+Inf' : String(ends[at]);
    return { suffix: '_bucket', labels: { ...labels, le }, value: upTo };
  });
  return [
    ...samples,
    { suffix: '_sum', labels, value: sum / 1000 },
    { suffix: '_count', labels, value: upTo },
  ];
};

type SpanName = keyof typeof bucketsOf;

const isSpan = (name: TotalName): name is SpanName => name in bucketsOf;

const samplesOf = (name: TotalName, body: unknown): ReadonlyArray<Sample> => {
  if (!isSpan(name)) return counts(name, body as TotalRow | undefined);
  const spans = Object.entries((body as DurationsRow | undefined)?.spans ?? {});
  return spans.flatMap(([key, durations]) =>
    histogram(bucketsOf[name], labelled(name, key), durations),
  );
};

/** What no message should be: alerts watch these codes. */
const faulty: ReadonlyArray<SetAsideCode> = [
  'unreadable-body',
  'unreadable-message',
  'bad-signature',
  'revoked-signer',
  'unsigned',
  'untrusted-signer',
];

const realms = ['real', 'rehearsal'] satisfies ReadonlyArray<Realm>;

/**
 * Faulty messages of all topics together, from zero on: a series that is born with its first message
 * has no increase there, so nobody would be told of the first.
 */
const faultyMessages = (messages: ReadonlyArray<Sample>): Family => ({
  ...{ name: 'freshmaker_faulty_messages_total', type: 'counter' },
  help: 'Messages that were set aside as unreadable or for their signatures, of all topics.',
  samples: realms.flatMap((realm) =>
    faulty.map((code) => ({
      labels: { code, realm },
      value: messages
        .filter(({ labels }) => labels?.['code'] === code && labels['realm'] === realm)
        .reduce((sum, { value }) => sum + value, 0),
    })),
  ),
});

const names = Object.keys(told) as ReadonlyArray<TotalName>;

/**
 * What was counted from the log; the same numbers from every process. Left where the read model
 * cannot be read.
 */
export const totalFamilies = async (
  figures: Reader,
): Promise<E.Either<unknown, ReadonlyArray<Family>>> => {
  const families: Array<Family> = [];
  for (const name of names) {
    const row = await figures.get(totalIds[name])();
    if (E.isLeft(row)) return row;
    const samples = samplesOf(name, row.right?.body);
    families.push({ ...told[name], samples });
    if (name === 'messages') families.push(faultyMessages(samples));
  }
  return E.right(families);
};
