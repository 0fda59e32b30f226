import type { Reading } from '../../../domain/trigger/reading.ts';
import type { Json } from '../../../domain/json.ts';
import type { Replayed } from '../../../ingest/replay.ts';

const snake = (key: string): string => key.replace(/[A-Z]/g, (one) => `_${one.toLowerCase()}`);

const triggerOf = ({ id, kind, ...rest }: Reading): Json => {
  const told = Object.entries(rest).map(([key, value]) => [snake(key), value] as const);
  return { id, kind, ...Object.fromEntries(told) };
};

/** What `--json` prints of one message: always the same keys, null where they say nothing. */
export const asJson = (one: Replayed): Json => {
  const { file, line, verdict } = one;
  const place = { file, line };
  const nothing = { code: null, explanation: null, trigger: null };
  if (verdict === 'unreadable') {
    const { code, reason: explanation } = one;
    const unknown = { message_id: null, topic: null, prefix: null };
    return { ...unknown, verdict, ...nothing, code, explanation, ...place };
  }
  const { messageId: message_id, topic, prefix } = one;
  const known = { message_id, topic, prefix, verdict };
  switch (verdict) {
    case 'understood':
      return { ...known, ...nothing, trigger: triggerOf(one.reading), ...place };
    case 'set-aside': {
      const { code, explanation } = one;
      return { ...known, ...nothing, code, explanation, ...place };
    }
    case 'seen-before':
      return { ...known, ...nothing, ...place };
  }
};

const listed = 200;

/** Counts that grow as a replay goes on, in bounded memory. */
export type Tally = {
  total: number;
  understood: number;
  seenBefore: number;
  unreadable: number;
  readonly setAside: Map<string, number>;
  readonly faults: Array<string>;
};

export const startTally = (): Tally => ({
  total: 0,
  understood: 0,
  seenBefore: 0,
  unreadable: 0,
  setAside: new Map(),
  faults: [],
});

const note = (tally: Tally, { file, line }: Replayed, reason: string): void => {
  if (tally.faults.length < listed) tally.faults.push(`${file}:${line}: ${reason}`);
};

export const count = (tally: Tally, one: Replayed): void => {
  tally.total += 1;
  switch (one.verdict) {
    case 'understood':
      tally.understood += 1;
      return;
    case 'seen-before':
      tally.seenBefore += 1;
      return;
    case 'unreadable':
      tally.unreadable += 1;
      note(tally, one, one.reason);
      return;
    case 'set-aside':
      tally.setAside.set(one.code, (tally.setAside.get(one.code) ?? 0) + 1);
      if (one.isGarbled) note(tally, one, `kept, but set aside: ${one.explanation}`);
  }
};

const row = (name: string, value: number): string =>
  `${name.padEnd(26)}${String(value).padStart(10)}\n`;

/** The table at the end. */
export const tableOf = (tally: Tally): string => {
  const codes = [...tally.setAside].sort(([, a], [, b]) => b - a);
  const setAside = codes.reduce((sum, [, value]) => sum + value, 0);
  const rows = [
    row('understood', tally.understood),
    row('set aside', setAside),
    ...codes.map(([code, value]) => row(`  ${code}`, value)),
    row('unreadable', tally.unreadable),
    row('seen before', tally.seenBefore),
    row('in all', tally.total),
  ];
  return rows.join('');
};

/** What could not be read, one line each: file, line, and what is wrong. */
export const faultsOf = ({ faults, unreadable }: Tally): string => {
  if (faults.length === 0) return '';
  const rest = unreadable > listed ? `… and more (--json shows all ${unreadable})\n` : '';
  return `Could not be read:\n${faults.map((fault) => `  ${fault}\n`).join('')}${rest}\n`;
};
