import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { Document, Node } from 'yaml';
import { LineCounter, Lexer, Parser, isSeq, parseDocument, visit } from 'yaml';
import type { VersionedPolicy } from '../../domain/policy/current.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { rule } from './condition.ts';
import type { Checked, Fault, Place } from './shapes.ts';
import { at, collect, faulty, listOf, otherwise, record, textOf } from './shapes.ts';
import { countTo, duration, oneOf } from './values.ts';

/** One thing wrong with a policy file; line and column count from 1. */
export type PolicyFault = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
};

const largest = 64 * 1024;
const deepest = 64;
const defaults = {
  quietWindow: 60,
  longestWait: 6 * 3600,
  oldestTrigger: 7 * 86_400,
  retries: { submission: 5, build: 1, backOff: 60 },
  pushes: { authoritative: 'git.receive', coverWindow: 60 },
} as const satisfies Omit<Policy, 'rules'>;

const retries = record<Policy['retries']>({
  submission: otherwise(defaults.retries.submission, countTo(100)),
  build: otherwise(defaults.retries.build, countTo(100)),
  backOff: otherwise(defaults.retries.backOff, duration),
});
const pushes = record<Policy['pushes']>({
  authoritative: otherwise(
    defaults.pushes.authoritative,
    oneOf(['git.receive', 'pagure.git.receive']),
  ),
  coverWindow: otherwise(defaults.pushes.coverWindow, duration),
});
const shape = record<Policy>({
  rules: listOf(rule, 'list the rules, one per dash, or write [] to allow nothing'),
  quietWindow: otherwise(defaults.quietWindow, duration),
  longestWait: otherwise(defaults.longestWait, duration),
  oldestTrigger: otherwise(defaults.oldestTrigger, duration),
  retries: otherwise(defaults.retries, retries),
  pushes: otherwise(defaults.pushes, pushes),
});

/** Deep nesting would exhaust the stack (of YAML's composer, and ours): stopped before it is read. */
const tooDeep = (text: string): ReadonlyArray<Fault> => {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme));
    if (parser.stack.length > deepest) {
      const message = `nests deeper than ${deepest} levels; any: and all: need two or three`;
      return [{ offset: parser.offset, path: '', message }];
    }
  }
  return [];
};

const advice: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'the key stands here twice; keep one',
  TAB_AS_INDENT: 'a tab indents this line; indent with spaces',
  BAD_DQ_ESCAPE: 'a backslash means something else between double quotes; use single quotes',
  MULTIPLE_DOCS: 'a second document begins (---); a policy is one document',
};

const syntaxFaults = (document: Document): ReadonlyArray<Fault> =>
  document.errors.map(({ code, message, pos }) => ({
    offset: pos[0],
    path: '',
    message: advice[code] ?? `is not YAML: ${message}`,
  }));

const aliasFaults = (document: Document): ReadonlyArray<Fault> => {
  const faults: Array<Fault> = [];
  visit(document, {
    Alias: (_key, alias) => {
      const message = `*${alias.source} stands for text elsewhere; write that text out here`;
      faults.push({ offset: alias.range?.[0] ?? 0, path: '', message });
    },
  });
  return faults;
};

const repeatedIds = (
  root: Place,
  lineOf: (offset: number) => number,
): ReadonlyArray<Checked<never>> => {
  const rules = at(root, 'rules').node;
  const first = new Map<string, number>();
  return (isSeq<Node>(rules) ? rules.items : []).flatMap((node, index) => {
    const place = at({ node, path: `rules[${index}]`, offset: node.range?.[0] ?? 0 }, 'id');
    const id = textOf(place.node) ?? '';
    const before = first.get(id);
    if (before === undefined) first.set(id, lineOf(place.offset));
    if (before === undefined || id === '') return [];
    return [faulty(place, `${id} is the id of the rule on line ${before} already; choose another`)];
  });
};

const waits = (root: Place, policy: Checked<Policy>): ReadonlyArray<Checked<never>> => {
  if (E.isLeft(policy) || policy.right.longestWait >= policy.right.quietWindow) return [];
  const { longestWait, quietWindow } = policy.right;
  const message = `is shorter (${longestWait}s) than quietWindow (${quietWindow}s); write at least as much`;
  return [faulty(at(root, 'longestWait'), message)];
};

const linesOf = (text: string): LineCounter => {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/gu)) lines.addNewLine(index + 1);
  return lines;
};

const check = (text: string, lines: LineCounter): Checked<Policy> => {
  const deep = text.length > largest ? [tooLarge(text)] : tooDeep(text);
  if (deep.length > 0) return E.left(deep);
  const options = { schema: 'failsafe', prettyErrors: false } as const;
  const document = parseDocument(text, options);
  const aliases = aliasFaults(document);
  const unread = [...syntaxFaults(document), ...aliases];
  const hasShape = document.errors.every(({ code }) => code === 'DUPLICATE_KEY');
  if (!hasShape || aliases.length > 0) return E.left(unread);
  const root: Place = { node: document.contents, path: '', offset: 0 };
  const policy = shape(root);
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const more = [...repeatedIds(root, lineOf), ...waits(root, policy)];
  const all = collect<unknown>([...unread.map((fault) => E.left([fault])), policy, ...more]);
  return E.isLeft(all) ? all : policy;
};

const tooLarge = (text: string): Fault => ({
  offset: 0,
  path: '',
  message: `has ${text.length} characters, at most ${largest} are allowed; match several names by one pattern`,
});

/**
 * Reads a policy as people write it (ops/policies/example.yaml). `version` is the first 12 hex
 * digits of the text's SHA-256. Every fault there is comes back, in the order of the file.
 */
export const readPolicyFile = (
  file: string,
  text: string,
): E.Either<ReadonlyArray<PolicyFault>, VersionedPolicy> => {
  const lines = linesOf(text);
  const policy = check(text, lines);
  if (E.isRight(policy)) {
    const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
    return E.right({ version, text, policy: policy.right });
  }
  const inOrder = [...policy.left].sort((one, other) => one.offset - other.offset);
  return E.left(
    inOrder.map(({ offset, path, message }) => {
      const { line, col } = lines.linePos(offset);
      return { file, line, column: col, path, message };
    }),
  );
};
