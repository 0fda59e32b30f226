import { realmOf } from '../../domain/stream-names.ts';
import { counted } from './count.ts';
import type { Before, EffectTable } from './effects.ts';
import { findHeard, forget, heardIn, remember } from './heard.ts';
import type { TotalRow } from './row.ts';
import { totalIds, valuesOf } from './row.ts';

/** Codes of messages whose topic nobody has looked into: it may be any text. */
const ofStrangers: ReadonlySet<string> = new Set([
  ...['unknown-topic', 'foreign-prefix', 'unreadable-message', 'unreadable-body'],
  ...['bad-signature', 'unsigned', 'untrusted-signer', 'revoked-signer'],
]);

/** Topics that are told apart at most: each is a time series for ever. */
const mostTopics = 64;

const isNews = (counts: TotalRow['counts'], topic: string): boolean => {
  const known = new Set(Object.keys(counts).map((key) => valuesOf(key)[0]));
  return !known.has(topic) && known.size >= mostTopics;
};

const judged = (
  row: TotalRow | undefined,
  before: Before,
  stream: string,
  verdict: 'understood' | 'set-aside' | 'covered',
  code = '',
): TotalRow => {
  const topic = findHeard(before(heardIn(stream)), stream)?.topic ?? 'other';
  const isOther = ofStrangers.has(code) || isNews(row?.counts ?? {}, topic);
  return counted(row, [isOther ? 'other' : topic, verdict, code, realmOf(stream)]);
};

/** A covered message was understood before: its other publisher has told of the same push. */
const asideAs = (code: string): 'set-aside' | 'covered' =>
  code === 'covered' ? 'covered' : 'set-aside';

export const messageEffects: EffectTable = {
  MessageObserved: ({ topic }, { stream, metadata: { recordedAt: at } }) => ({
    [heardIn(stream)]: (row) => remember(row, { stream, topic, at }),
  }),
  MessageSetAside: ({ code }, { stream }) => ({
    [totalIds.messages]: (row, before) =>
      judged(row as TotalRow | undefined, before, stream, asideAs(code), code),
    [heardIn(stream)]: (row) => forget(row, stream),
  }),
  MessageUnderstood: (_event, { stream }) => ({
    [totalIds.messages]: (row, before) =>
      judged(row as TotalRow | undefined, before, stream, 'understood'),
    [heardIn(stream)]: (row) => row,
  }),
};
