import * as E from 'fp-ts/lib/Either.js';
import type { Api, ApiFailure } from './asking/api.ts';
import type { Asking, Json, Told } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { artifactOf, findEvents } from './asking/find.ts';
import { buildColumns, tellRest } from './asking/lists.ts';
import type { PageOf } from './asking/shapes.ts';
import { Build, Decision, Module, pageOf } from './asking/shapes.ts';
import type { Column } from './asking/table.ts';
import { inWords, table, toMinute } from './asking/table.ts';
import { exit } from './exit-codes.ts';

export type WhyNot = Json & { readonly event?: string };

const columns: ReadonlyArray<Column<Decision>> = [
  { title: 'EVENT', of: ({ event_id: id }) => String(id) },
  { title: 'DECIDED', of: ({ verdict }) => verdict, isState: true },
  { title: 'WHEN (UTC)', of: ({ decided_at: at }) => toMinute(at) },
  { title: 'CODE', of: ({ code }) => code },
  { title: 'RULE', of: ({ rule }) => rule ?? '-' },
  { title: 'POLICY', of: ({ policy_version: version }) => version },
  { title: 'ON RECORD', of: ({ recorded_in: stream, revision }) => `${stream}@${revision}` },
  { title: 'EVIDENCE', of: ({ evidence }) => inWords(evidence) || '-' },
];

const meanings: Readonly<Record<string, string>> = {
  'not-allowed': 'no rule of that policy allows it; nothing is allowed by default',
  'denied-by-rule': 'the rule named denies it',
  'dependency-declined': 'policy would allow it, but none of the modules it requires was rebuilt',
  'too-old': 'the message was older than the policy lets matter (oldestTrigger)',
  'no-relevant-file': 'neither a spec file nor the metadata of the module had changed',
  'already-built': 'somebody else had submitted the very commit that was to be built',
};

const meaningsOf = (decisions: ReadonlyArray<Decision>): string =>
  [...new Set(decisions.map(({ code }) => code))]
    .flatMap((code) => (code in meanings ? [`  ${code}: ${meanings[code] ?? ''}\n`] : []))
    .join('');

type Findings = {
  readonly artifact: string;
  /** Decisions on it that were not yes, those of the newest event first. */
  readonly declined: PageOf<Decision>;
  readonly decisions: number;
  /** Decided yes, and not built, or not yet. */
  readonly unbuilt: ReadonlyArray<Build>;
  /** What it holds, as far as is on record. */
  readonly module: Module | null;
};

const moduleQuery = (artifact: string) => {
  const [, name, ...stream] = artifact.split(':');
  return { name: name ?? artifact, stream: stream.join(':') };
};

const findingsOf = async (
  api: Api,
  artifact: string,
  event_id: string | undefined,
): Promise<E.Either<ApiFailure, Findings>> => {
  const wanted = { artifact, event_id };
  const [declined, all, builds, modules] = await Promise.all([
    api.get('decisions/', pageOf(Decision), {
      ...{ ...wanted, verdict: ['no', 'later'], per_page: '1000' },
    })(),
    api.get('decisions/', pageOf(Decision), { ...wanted, per_page: '0' })(),
    api.get('builds/', pageOf(Build), { ...wanted, per_page: '1000' })(),
    api.get('modules/', pageOf(Module), moduleQuery(artifact))(),
  ]);
  if (E.isLeft(declined)) return declined;
  if (E.isLeft(all)) return all;
  if (E.isLeft(builds)) return builds;
  if (E.isLeft(modules)) return modules;
  const [module] = modules.right.items;
  return E.right({
    ...{ artifact, declined: declined.right, decisions: all.right.meta.total },
    unbuilt: builds.right.items.filter(({ state_name: state }) => state !== 'DONE'),
    module: module ?? null,
  });
};

const few = (texts: ReadonlyArray<string>): string =>
  texts.length <= 12 ? texts.join(', ') : `${texts.slice(0, 12).join(', ')} … (${texts.length})`;

/** What would make it a candidate, in words. */
const neverCandidate = ({ artifact, module }: Findings, event: string | undefined): string => {
  const of = event === undefined ? 'any event' : `event ${event}`;
  const heading = `${artifact} was never a candidate of ${of}: nothing was decided on it.\n`;
  if (module === null) {
    return (
      `${heading}What it holds is not on record, so no change of a package leads to it.\n` +
      'Check its name (module:<name>:<stream>), or let MBS tell what there is: freshmaker backfill modules\n'
    );
  }
  const { name, stream, holds, build_requires: requires } = module;
  return (
    `${heading}It becomes one when\n` +
    `  ${name}.yaml changes on branch ${stream} of modules/${name},\n` +
    `  a spec file changes on the branch it takes a package from: ${few(holds) || '(it holds none)'},\n` +
    `  or a module it was built with is rebuilt: ${few(requires) || '(none)'}.\n`
  );
};

const inFull = (deps: Asking, findings: Findings, event: string | undefined): string => {
  const { artifact, declined, decisions, unbuilt } = findings;
  if (decisions === 0 && unbuilt.length === 0) return neverCandidate(findings, event);
  const { total } = declined.meta;
  const heading =
    total === 0
      ? `Nothing was decided against ${artifact}; it was considered ${decisions === 1 ? 'once' : `${decisions} times`}.\n`
      : `${total} of ${decisions} decisions on ${artifact} were not yes:\n`;
  const refused = total === 0 ? '' : table(deps.screen, columns, declined.items);
  const waiting =
    unbuilt.length === 0
      ? ''
      : `\nPlanned because of a yes, and not built, or not yet:\n${table(deps.screen, buildColumns, unbuilt)}`;
  return `${heading}${refused}${meaningsOf(declined.items)}${waiting}`;
};

const tell = async (deps: Asking, api: Api, text: string, options: WhyNot): Told => {
  let event: string | undefined;
  if (options.event !== undefined) {
    const events = await findEvents(api, options.event);
    if (E.isLeft(events)) return events;
    event = String(events.right[0]?.id);
  }
  const findings = await findingsOf(api, artifactOf(text), event);
  if (E.isLeft(findings)) return findings;
  const { artifact, declined, decisions, unbuilt, module } = findings.right;
  if (options.json === true) {
    const { items } = declined;
    deps.stdout(asJson({ artifact, decisions, declined: items, builds: unbuilt, module }));
  } else {
    deps.stdout(inFull(deps, findings.right, event));
    if (declined.meta.total > 0) deps.stderr(tellRest('decision', declined.meta));
  }
  return E.right(exit.done);
};

/**
 * `why-not <artifact>`: every decision on it that was not yes, its builds that came to nothing so far,
 * or what would make it a candidate. An answer is exit 0, whatever it says.
 */
export const whyNot = (deps: Asking, text: string, options: WhyNot): Promise<number> =>
  asking(deps, (api) => tell(deps, api, text, options));
