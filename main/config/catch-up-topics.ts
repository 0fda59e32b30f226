import type { Config } from './settings.ts';

const sentenceOn = (topic: string, prefixes: ReadonlyArray<string>): string | undefined => {
  if (topic === '#') return undefined;
  if (/[*#]/u.test(topic)) {
    return `catchUpTopics names ${topic}; datagrepper knows no wildcards and finds nothing of it: name whole topics, or # alone for all`;
  }
  const [first] = prefixes;
  if (first === undefined || prefixes.some((prefix) => topic.startsWith(`${prefix}.`))) {
    return undefined;
  }
  return `catchUpTopics names ${topic}, which begins with none of ${prefixes.join(', ')}; datagrepper knows whole topics only and will find nothing where the prefix is missing: ${first}.${topic}?`;
};

/** One sentence for each topic that datagrepper is likely to find nothing of. */
export const doubtfulCatchUpTopics = ({
  catchUpTopics,
  topicPrefixes,
}: Pick<Config, 'catchUpTopics' | 'topicPrefixes'>): ReadonlyArray<string> => {
  const prefixes = topicPrefixes.filter((prefix) => prefix !== '');
  return catchUpTopics.flatMap((topic) => sentenceOn(topic, prefixes) ?? []);
};
