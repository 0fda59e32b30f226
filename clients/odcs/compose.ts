import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';
import type { Compose, ComposeOrder } from './port.ts';

const maybeText = t.union([t.string, t.null, t.undefined], 'text or null');
/** ODCS keeps lists as one text with spaces between. */
const Words = t.union([t.string, t.readonlyArray(t.string), t.null, t.undefined], 'words');

/** A compose as ODCS shows it; of its many keys those that matter here. */
export const Shown = t.type(
  {
    id: Count,
    state: Count,
    state_name: maybeText,
    state_reason: maybeText,
    source_type: t.unknown,
    owner: maybeText,
    builds: Words,
    packages: Words,
    result_repofile: maybeText,
    time_to_expire: maybeText,
  },
  'compose',
);
export type Shown = t.TypeOf<typeof Shown>;

/** Items are decoded one by one: composes of every kind are listed together. */
export const ShownPage = t.type(
  { items: t.readonlyArray(Shown), meta: t.type({ pages: Count }) },
  'page of composes',
);

const stateNames = ['wait', 'generating', 'done', 'removed', 'failed'];

const wordsOf = (words: t.TypeOf<typeof Words>): ReadonlyArray<string> => {
  const list = typeof words === 'string' ? words.split(' ') : (words ?? []);
  return list.filter((word) => word !== '');
};

/** A reason may be the whole output of a tool; an event has no room for that. */
const longestReason = 4000;

/** ISO with a zone, or `YYYY-MM-DD HH:MM:SS` in UTC. */
const timeOf = (text: string | null | undefined): string | null => {
  if (text === null || text === undefined) return null;
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const date = new Date(hasZone ? text : `${text.replace(' ', 'T')}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};

export const composeOf = (shown: Shown): Compose => ({
  id: shown.id,
  state: shown.state,
  stateName: shown.state_name ?? stateNames[shown.state] ?? `state ${shown.state}`,
  stateReason: shown.state_reason?.slice(0, longestReason) ?? null,
  builds: wordsOf(shown.builds),
  packages: wordsOf(shown.packages),
  resultRepofile: shown.result_repofile ?? null,
  expiresAt: timeOf(shown.time_to_expire),
});

const isSameSet = (a: ReadonlyArray<string>, b: ReadonlyArray<string>): boolean => {
  const [ours, theirs] = [new Set(a), new Set(b)];
  return ours.size === theirs.size && [...ours].every((word) => theirs.has(word));
};

/** Number of source type "build" in ODCS's answers. */
export const buildSource = 6;

/** Whether a compose is of exactly this order, and (where known) of this owner. */
export const isOfOrder = (
  shown: Shown,
  { builds, packages }: ComposeOrder,
  owner: string | undefined,
): boolean =>
  Number(shown.source_type) === buildSource &&
  (owner === undefined || shown.owner === owner) &&
  isSameSet(wordsOf(shown.builds), builds) &&
  isSameSet(wordsOf(shown.packages), packages);

/** Whether a compose was made of builds, by this owner. */
export const isOwn = ({ source_type: type, owner: whose }: Shown, owner: string): boolean =>
  Number(type) === buildSource && whose === owner;
