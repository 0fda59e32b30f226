/**
 * Up to when everything was fetched once, by topic; ISO 8601 UTC. A topic that is not named is
 * covered as far as `all`. What was never fetched is covered to null.
 */
export type Coverage = {
  readonly all: string | null;
  readonly topics: ReadonlyMap<string, string>;
};

export const nothingCovered: Coverage = { all: null, topics: new Map() };

const ofTopic = ({ all, topics }: Coverage, topic: string): string | null =>
  topics.get(topic) ?? all;

/** Up to when all of these topics are covered, all there are when empty; null where one never was. */
export const coveredTo = (coverage: Coverage, topics: ReadonlyArray<string>): string | null => {
  const times = topics.map((topic) => ofTopic(coverage, topic));
  if (times.length === 0) return coverage.all;
  return times.reduce((one, other) =>
    one === null || other === null ? null : one < other ? one : other,
  );
};

/** After these topics, all there are when empty, were fetched up to a time. */
export const covered = (
  { all, topics }: Coverage,
  fetched: ReadonlyArray<string>,
  to: string,
): Coverage => {
  if (fetched.length === 0) return { all: to, topics: new Map() };
  return { all, topics: new Map([...topics, ...fetched.map((topic) => [topic, to] as const)]) };
};

/** Whether what was asked for is among what was fetched; all there is when empty. */
export const isAmong = (asked: ReadonlyArray<string>, fetched: ReadonlyArray<string>): boolean =>
  fetched.length === 0 || (asked.length > 0 && asked.every((topic) => fetched.includes(topic)));
