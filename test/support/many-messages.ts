import { chance } from '../../ops/sandbox/random.ts';
import type { Sandbox } from '../../ops/sandbox/sandbox.ts';
import { distributionOf, post } from './sandbox.ts';

const modules = Array.from({ length: 10 }, (_, at) => `mod${at}`);

/** Ten modules with two packages each: every push to one of those is relevant. */
export const manyModules = distributionOf(
  ...modules.map((name) => `${name}:f28 holds ${name}-a@f28 ${name}-b@f28`),
);

const counts = { all: 10_000, relevant: 150, asideOfFlows: 1850 };
const share = 0.01;

/** Whether the bus of the sandbox loses a message, once `loseSome` was called. */
export const isLost = (id: string): boolean => chance('bus-drops', id) < share;

export const loseSome = (sandbox: Sandbox): Promise<unknown> =>
  post(sandbox, '/sandbox/misbehave', { kind: 'bus-drops', share });

const idWith = (stem: string, lost: boolean): string => {
  for (let tried = 0; ; tried += 1) {
    if (isLost(`${stem}-${tried}`) === lost) return `${stem}-${tried}`;
  }
};

/** Picks so many of all, spread evenly. */
const isOneOf = (some: number, at: number): boolean => (at * some) % counts.all < some;

/** Spread evenly over what lies between two times (Unix milliseconds). */
const sentAt = (at: number, { from, to }: Span): string =>
  new Date(from + (at * (to - from)) / counts.all).toISOString();

const push = (at: number, file: string) => {
  const repo = `${modules[at % modules.length] ?? ''}-${at % 2 === 0 ? 'a' : 'b'}`;
  const stats = {
    files: { [file || `${repo}.spec`]: { additions: 1, deletions: 0, lines: 1 } },
    total: { additions: 1, deletions: 0, files: 1, lines: 1 },
  };
  const rev = (at + 1).toString(16).padStart(40, '0');
  const person = { name: 'Ann', email: 'ann@example.org', username: 'ann', agent: 'ann' };
  const where = { repo, branch: 'f28', namespace: 'rpms', path: `/srv/git/rpms/${repo}.git` };
  return { commit: { ...person, ...where, rev, stats, summary: 's', message: 's', seen: false } };
};

/** Unix milliseconds. */
export type Span = { readonly from: number; readonly to: number };

export type Many = ReadonlyArray<{
  readonly id: string;
  readonly isRelevant: boolean;
  /** Whether a flow reads its topic. */
  readonly isOfFlow: boolean;
}>;

/** One message in a thousand is relevant and lost: one of fifteen relevant ones. */
const messageAt = (at: number, span: Span) => {
  const headers = { 'sent-at': sentAt(at, span) };
  if (isOneOf(counts.relevant, at)) {
    const id = idWith(`relevant${at}`, at % 1000 < 67);
    return {
      isRelevant: true,
      isOfFlow: true,
      id,
      topic: 'git.receive',
      headers,
      body: push(at, ''),
    };
  }
  const other = { isRelevant: false, id: `other${at}`, headers };
  if (isOneOf(counts.asideOfFlows, at)) {
    return { ...other, isOfFlow: true, topic: 'git.receive', body: push(at, 'README') };
  }
  return { ...other, isOfFlow: false, topic: 'copr.build.end', body: { build: at, owner: 'ann' } };
};

/** Publishes 10,000 messages sent in a span of time, 150 of them relevant, and says which. */
export const publishMany = async (sandbox: Sandbox, span: Span): Promise<Many> => {
  const many = Array.from({ length: counts.all }, (_, at) => messageAt(at, span));
  for (let at = 0; at < many.length; at += 2500) {
    const messages = many.slice(at, at + 2500).map(({ id, topic, headers, body }) => {
      return { id, topic, headers, body };
    });
    const { status } = await post(sandbox, '/sandbox/messages', { messages });
    if (status !== 201) throw new Error(`not published: ${status}`);
  }
  return many;
};
