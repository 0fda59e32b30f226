/** Longest pattern a rule may hold, in characters. */
const longest = 200;
/** Each `*`, `+` or `{2,}` multiplies the work that a long name can cause. */
const mostRepeats = 3;

type Group = { readonly varies: boolean };
type Scan = {
  readonly groups: ReadonlyArray<Group>;
  readonly closed: Group;
  readonly repeats: number;
};

const tokens =
  /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu;
const nothing: Group = { varies: false };
const open: Scan = { groups: [nothing], closed: nothing, repeats: 0 };

const isRepeat = (token: string): boolean => /^[*+{]./u.test(`${token} `) && token !== '{';
const isOptional = (token: string): boolean => token.startsWith('?');

const varying = (scan: Scan): Scan => ({
  ...scan,
  groups: [...scan.groups.slice(0, -1), { varies: true }],
  closed: nothing,
});

const leave = (scan: Scan): Scan => {
  const closed = scan.groups.at(-1) ?? nothing;
  const around = { groups: scan.groups.slice(0, -1), closed, repeats: scan.repeats };
  return closed.varies ? { ...varying(around), closed } : around;
};

const repeated = (scan: Scan): Scan | string => {
  if (scan.closed.varies) {
    return 'repeats a group that holds a repeat or an alternative, which can take for ever; write the choices as a list of patterns, or one character class like [a-z-]*';
  }
  return { ...varying(scan), repeats: scan.repeats + 1 };
};

const step = (scan: Scan, token: string): Scan | string => {
  if (token.startsWith('(')) return { ...scan, groups: [...scan.groups, nothing], closed: nothing };
  if (token === ')') return leave(scan);
  if (isRepeat(token)) return repeated(scan);
  if (token === '|' || isOptional(token)) return varying(scan);
  return { ...scan, closed: nothing };
};

const slowness = (pattern: string): string | undefined => {
  let scan: Scan = open;
  for (const [token] of pattern.matchAll(tokens)) {
    const next = step(scan, token);
    if (typeof next === 'string') return next;
    scan = next;
  }
  if (scan.repeats <= mostRepeats) return undefined;
  return `repeats ${scan.repeats} times (with *, + or {}), at most ${mostRepeats} are allowed; write a list of simpler patterns`;
};

const syntax = (pattern: string): string | undefined => {
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return `is not a regular expression (${said}); put a backslash before . ( ) [ ] + * ? where they mean themselves`;
  }
};

/**
 * What keeps a text from being a pattern of a rule, or undefined when nothing does. A pattern is a
 * JavaScript regular expression (flag u), short, and unable to take long on a hostile name.
 */
export const faultOfPattern = (pattern: string): string | undefined => {
  if (pattern === '') return 'is empty and would match only an empty value; write .* for anything';
  if (pattern.length > longest) {
    return `has ${pattern.length} characters, at most ${longest} are allowed; write a list of shorter patterns`;
  }
  return syntax(pattern) ?? slowness(pattern);
};

/** A test whether a value matches the pattern from its first character to its last, case included. */
export const wholly = (pattern: string): ((value: string) => boolean) => {
  const expression = new RegExp(`^(?:${pattern})$`, 'u');
  return (value) => expression.test(value);
};
