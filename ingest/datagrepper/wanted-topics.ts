import { topics } from '../topics/table.ts';

const isExact = (pattern: string): boolean => !/[*#]/u.test(pattern);

/**
 * The topics our flows read, under every prefix that counts. datagrepper knows no wildcards: a topic
 * that only a pattern covers (`git.receive.<package>.<branch>`, until 2014) is not among them.
 */
export const topicsOfFlows = (prefixes: ReadonlyArray<string>): ReadonlyArray<string> => {
  const names = topics.flatMap(({ patterns }) => patterns.filter(isExact));
  return prefixes.flatMap((prefix) =>
    names.map((name) => (prefix === '' ? name : `${prefix}.${name}`)),
  );
};
