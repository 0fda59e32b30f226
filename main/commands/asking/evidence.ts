import { inWords } from './table.ts';

type Evidence = Readonly<Record<string, unknown>>;
type Words = {
  readonly image: string;
  readonly held: string;
  readonly update: string;
  readonly newest: string;
  readonly branches: string;
};

const textOf = (evidence: Evidence, key: string): string => {
  const value = evidence[key];
  return typeof value === 'string' ? value : '?';
};

const wordsOf = (evidence: Evidence): Words => {
  const build = evidence['build'];
  const isNamedSo = build === evidence['update'];
  const from = typeof build === 'string' && !isNamedSo ? ` (of ${build})` : '';
  return {
    image: textOf(evidence, 'image'),
    held: textOf(evidence, 'held'),
    update: `${textOf(evidence, 'update')}${from}`,
    newest: textOf(evidence, 'newest'),
    branches: `it is of ${textOf(evidence, 'branch')}, the update of ${textOf(evidence, 'updateBranch')}`,
  };
};

const sentences: Readonly<Record<string, (words: Words) => string>> = {
  'holds-older-version': ({ image, held, update }) =>
    `image ${image} holds ${held}, older than ${update} of the update`,
  'already-holds-this-or-newer': ({ image, held, update }) =>
    `image ${image} holds ${held} already, no older than ${update} of the update`,
  'no-longer-holds': ({ image, held, newest }) =>
    `image ${image} held ${held}; the newest, ${newest}, does not hold it any more`,
  'never-held-older': ({ image, held, update }) =>
    `nothing older than ${update} was ever held: the lowest was ${held}, in image ${image}`,
  'other-release': ({ image, held, branches }) => `image ${image} held ${held}, but ${branches}`,
  'other-modularity': ({ image, held, update }) =>
    `image ${image} held ${held}, and ${update} of the update: one comes from a module, the other does not`,
  'unknown-branch': ({ image, held }) =>
    `image ${image} held ${held}, but Koji does not tell which branch it was built from`,
};

/** What a decision rests on, in a sentence where it is about an image, else as `key=value`. */
export const evidenceInWords = (code: string, evidence: Evidence): string => {
  const sentence = sentences[code];
  return sentence !== undefined && 'image' in evidence
    ? sentence(wordsOf(evidence))
    : inWords(evidence);
};
