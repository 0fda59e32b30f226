import type * as E from 'fp-ts/lib/Either.js';
import type { Reading } from '../../domain/trigger/reading.ts';
import type { NormalForm } from '../normal-form.ts';
import type { SetAside } from '../set-aside.ts';

/** One kind of message: the topics it comes under, and what it says to us. */
export type Topic = {
  /** Whole words; `*` stands for one word, a final `#` for any number of words. */
  readonly patterns: ReadonlyArray<string>;
  readonly translate: (message: NormalForm) => E.Either<SetAside, Reading>;
};

const wordsMatch = (pattern: ReadonlyArray<string>, topic: ReadonlyArray<string>): boolean => {
  const isOpen = pattern.at(-1) === '#';
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  const lengthFits = isOpen ? topic.length >= fixed.length : topic.length === fixed.length;
  return lengthFits && fixed.every((word, index) => word === '*' || word === topic[index]);
};

/** "Ends with" would let infragit.receive and trac.git.receive pass for git.receive: words decide. */
export const covers = (topic: Topic, name: string): boolean =>
  topic.patterns.some((pattern) => wordsMatch(pattern.split('.'), name.split('.')));
