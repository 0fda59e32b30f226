import * as t from 'io-ts';
import { Count } from '../../domain/codec.ts';

const maybeText = t.union([t.string, t.null, t.undefined], 'text or null');
const maybeDigits = t.union([t.string, t.number, t.null, t.undefined], 'text, number or null');

/** A row as MBS 1 (2017: no context, times as Unix seconds) and MBS 3 (2020) show it. */
export const Row = t.type(
  {
    id: Count,
    name: t.string,
    stream: t.string,
    version: maybeDigits,
    context: maybeText,
    state: Count,
    state_name: maybeText,
    state_reason: maybeText,
    scmurl: maybeText,
    time_completed: maybeDigits,
    modulemd: maybeText,
    buildrequires: t.unknown,
    tasks: t.unknown,
  },
  'module build',
);
export type Row = t.TypeOf<typeof Row>;

/** The full hash after `#` in `git://…?#<hash>` and `https://….git?#<hash>`; null for anything else. */
export const commitIn = (scmurl: string | null | undefined): string | null =>
  /#([0-9a-f]{40})$/i.exec(scmurl ?? '')?.[1]?.toLowerCase() ?? null;
