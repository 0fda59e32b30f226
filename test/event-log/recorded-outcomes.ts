import type { ExecutionContext } from 'ava';
import type { Scenario } from '../support/eventstore/exchanges.ts';
import {
  type ErrorKind,
  recordedKind,
  type Seen,
  stepOf,
} from '../support/eventstore/recorded-client.ts';

/** What the client of a recorded scenario was told while its server went away. */
export type RecordedOutcomes = {
  /** The kinds of errors its appends got, in the order of the first of each. */
  readonly kinds: ReadonlyArray<ErrorKind>;
  readonly firstSeen: string;
  readonly lastSeen: ErrorKind;
};

export const recordedOutcomes = (scenario: Scenario, appending: string): RecordedOutcomes => {
  const { errors } = stepOf(scenario, appending).result as {
    readonly errors: Readonly<Record<string, number>>;
  };
  const { first, last } = stepOf(scenario, 'what the subscription saw').result as {
    readonly first: ReadonlyArray<string>;
    readonly last: ReadonlyArray<{
      readonly error?: { readonly class: string; readonly type: string; readonly message: string };
    }>;
  };
  const error = last.at(-1)?.error;
  return {
    kinds: Object.keys(errors).map(recordedKind),
    firstSeen: first[0] ?? '',
    lastSeen: recordedKind(`${error?.class}/${error?.type}/${error?.message}`),
  };
};

const errorIn = (one: Seen | undefined): string | undefined =>
  typeof one === 'object' && 'error' in one ? one.error : undefined;

/** The subscription saw a beginning of the stream, in order, then the recorded error, then nothing more. */
export const compareSeen = (
  t: ExecutionContext,
  seen: ReadonlyArray<Seen>,
  { firstSeen, lastSeen }: RecordedOutcomes,
  most: number,
): void => {
  const ofData = seen.flatMap((one) => (typeof one === 'object' && 'data' in one ? one.data : []));
  t.is(seen[0], firstSeen as 'confirmation');
  t.true(ofData.length > 0 && ofData.length <= most);
  t.deepEqual(
    ofData,
    Array.from({ length: ofData.length }, (_, index) => index),
  );
  t.is(errorIn(seen.at(-1))?.replace(/\/\d+\//, '/'), lastSeen);
  t.is(seen.filter((one) => errorIn(one) !== undefined).length, 1);
};
