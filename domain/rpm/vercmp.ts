const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= '0' && character <= '9';

const isLetter = (character: string | undefined): boolean =>
  character !== undefined &&
  ((character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z'));

const isSeparator = (character: string | undefined): boolean =>
  character !== undefined &&
  character !== '~' &&
  character !== '^' &&
  !isDigit(character) &&
  !isLetter(character);

const skip = (
  text: string,
  from: number,
  while_: (character: string | undefined) => boolean,
): number => {
  let at = from;
  while (while_(text[at])) at += 1;
  return at;
};

const compareTexts = (one: string, two: string): number => {
  if (one === two) return 0;
  return one < two ? -1 : 1;
};

const compareNumbers = (one: string, two: string): number => {
  const [a, b] = [one.replace(/^0+/u, ''), two.replace(/^0+/u, '')];
  return a.length === b.length ? compareTexts(a, b) : Math.sign(a.length - b.length);
};

/** `~` is older than everything, even the end; both having it settles nothing. */
const byTilde = (one: string | undefined, two: string | undefined): number | undefined => {
  if (one !== '~' && two !== '~') return undefined;
  if (one !== '~') return 1;
  return two === '~' ? 0 : -1;
};

/** `^` is newer than the end, and older than anything else that goes on. */
const byCaret = (one: string | undefined, two: string | undefined): number | undefined => {
  if (one !== '^' && two !== '^') return undefined;
  if (one === undefined) return -1;
  if (two === undefined) return 1;
  if (one !== '^') return 1;
  return two === '^' ? 0 : -1;
};

type Segment = { readonly order: number; readonly a: number; readonly b: number };

/** Compares two runs of digits or of letters; a number is newer than a word. */
const segment = (one: string, two: string, a: number, b: number): Segment => {
  const isNumber = isDigit(one[a]);
  const belongs = isNumber ? isDigit : isLetter;
  const [endA, endB] = [skip(one, a, belongs), skip(two, b, belongs)];
  if (endB === b) return { order: isNumber ? 1 : -1, a: endA, b: endB };
  const [left, right] = [one.slice(a, endA), two.slice(b, endB)];
  const order = isNumber ? compareNumbers(left, right) : compareTexts(left, right);
  return { order, a: endA, b: endB };
};

/**
 * Compares two versions, or two releases, as RPM does: below 0 when `one` is older, 0 when neither
 * is, above 0 when it is newer. Source of the rule: rpmvercmp of RPM 4.15 and later.
 */
export const rpmvercmp = (one: string, two: string): number => {
  let [a, b] = [0, 0];
  for (;;) {
    a = skip(one, a, isSeparator);
    b = skip(two, b, isSeparator);
    const marked = byTilde(one[a], two[b]) ?? byCaret(one[a], two[b]);
    if (marked !== undefined) {
      if (marked !== 0) return marked;
      a += 1;
      b += 1;
      continue;
    }
    if (a >= one.length || b >= two.length) break;
    const next = segment(one, two, a, b);
    if (next.order !== 0) return next.order;
    ({ a, b } = next);
  }
  return Number(a < one.length) - Number(b < two.length);
};
