import { evidenceInWords } from './evidence.ts';
import type { Build, Decision, PageOf } from './shapes.ts';
import type { Column } from './table.ts';
import { toMinute } from './table.ts';

/** A module stream or an image by both its names, as far as the build says them. */
export const artifactShown = ({ name, build_args: args }: Build): string => {
  const branch = args['branch'];
  return typeof branch === 'string' ? `${name}:${branch}` : name;
};

export const buildColumns: ReadonlyArray<Column<Build>> = [
  { title: 'ID', of: ({ id }) => String(id) },
  { title: 'STATE', of: ({ state_name: name }) => name, isState: true },
  { title: 'PLANNED (UTC)', of: ({ time_submitted: time }) => toMinute(time) },
  { title: 'TYPE', of: ({ type_name: type }) => type.toLowerCase() },
  { title: 'NAME', of: artifactShown },
  { title: 'EVENT', of: ({ event_id: event }) => String(event) },
  { title: 'EXTERNAL', of: ({ build_id: id }) => (id === null ? '-' : String(id)) },
  { title: 'REASON', of: ({ state_reason: reason }) => reason ?? '-' },
];

export const decisionColumns: ReadonlyArray<Column<Decision>> = [
  { title: 'DECIDED', of: ({ verdict }) => verdict, isState: true },
  { title: 'ARTIFACT', of: ({ artifact }) => artifact },
  { title: 'CODE', of: ({ code }) => code },
  { title: 'RULE', of: ({ rule }) => rule ?? '-' },
  { title: 'POLICY', of: ({ policy_version: version }) => version },
  { title: 'WAITS FOR', of: ({ waits_for: parents }) => parents.join(', ') || '-' },
  { title: 'EVIDENCE', of: ({ code, evidence }) => evidenceInWords(code, evidence) || '-' },
];

export const ofRehearsal = (dryRun: boolean | null): string => (dryRun === true ? 'yes' : '-');

/** How much of a list was shown; nothing where that was all of it. */
export const tellRest = (what: string, { page, pages, total }: PageOf<unknown>['meta']): string => {
  if (total === 0) return `No ${what} is like that.\n`;
  if (pages <= 1) return '';
  const next = page < pages ? `; --page ${page + 1} shows more` : '';
  return `Page ${page} of ${pages}, ${total} ${what}s in all${next}.\n`;
};
