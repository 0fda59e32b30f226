import * as E from 'fp-ts/lib/Either.js';
import type { Api, ApiFailure } from './asking/api.ts';
import type { Asking, Json, Told } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { evidenceInWords } from './asking/evidence.ts';
import { artifactNamed, findEvents } from './asking/find.ts';
import { Image } from './asking/image-shapes.ts';
import { buildColumns, tellRest } from './asking/lists.ts';
import { neverCandidate } from './asking/never.ts';
import type { PageOf } from './asking/shapes.ts';
import { Build, Decision, Module, pageOf } from './asking/shapes.ts';
import type { Column } from './asking/table.ts';
import { table, toMinute } from './asking/table.ts';
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
  { title: 'EVIDENCE', of: ({ code, evidence }) => evidenceInWords(code, evidence) || '-' },
];

const meanings: Readonly<Record<string, string>> = {
  'not-allowed': 'no rule of that policy allows it; nothing is allowed by default',
  'denied-by-rule': 'the rule named denies it',
  'dependency-declined': 'policy would allow it, but nothing that it is built on was rebuilt',
  'too-old': 'the message was older than the policy lets matter (oldestTrigger)',
  'no-relevant-file': 'neither a spec file nor the metadata of the module had changed',
  'already-holds-this-or-newer':
    'the newest build of the image holds what the update brings, or newer',
  'no-longer-holds': 'builds of the image held the package once; the newest one does not',
  'never-held-older': 'no build of the image ever held an older version than the update brings',
  'other-release': 'image and update are of different releases',
  'other-modularity': 'one of the packages is built in a module, the other is not',
  'unknown-branch': 'Koji does not tell which branch the image was built from',
  'deferred-by-rule': 'the rule named puts it off until a time; it is decided again then',
  'parent-deferred': 'the image it is built on was put off',
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
  readonly image: Image | null;
};

const moduleQuery = (artifact: string) => {
  const [, name, ...stream] = artifact.split(':');
  return { name: name ?? artifact, stream: stream.join(':') };
};

const imageQuery = (artifact: string) => {
  const { name, stream: branch } = moduleQuery(artifact);
  return { name, branch };
};

const findingsOf = async (
  api: Api,
  artifact: string,
  event_id: string | undefined,
): Promise<E.Either<ApiFailure, Findings>> => {
  const wanted = { artifact, event_id };
  const isImage = artifact.startsWith('image:');
  const [declined, all, builds, modules, images] = await Promise.all([
    api.get('decisions/', pageOf(Decision), {
      ...{ ...wanted, verdict: ['no', 'later'], per_page: '1000' },
    })(),
    api.get('decisions/', pageOf(Decision), { ...wanted, per_page: '0' })(),
    api.get('builds/', pageOf(Build), { ...wanted, per_page: '1000' })(),
    api.get('modules/', pageOf(Module), moduleQuery(artifact))(),
    api.get('images/', pageOf(Image), imageQuery(artifact))(),
  ]);
  if (E.isLeft(declined)) return declined;
  if (E.isLeft(all)) return all;
  if (E.isLeft(builds)) return builds;
  if (E.isLeft(modules)) return modules;
  if (E.isLeft(images)) return images;
  const [module] = isImage ? [] : modules.right.items;
  const [image] = isImage ? images.right.items : [];
  return E.right({
    ...{ artifact, declined: declined.right, decisions: all.right.meta.total },
    unbuilt: builds.right.items.filter(({ state_name: state }) => state !== 'DONE'),
    module: module ?? null,
    image: image ?? null,
  });
};

const inFull = (deps: Asking, findings: Findings, event: string | undefined): string => {
  const { artifact, declined, decisions, unbuilt } = findings;
  if (decisions === 0 && unbuilt.length === 0) {
    return neverCandidate(artifact, findings, event);
  }
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
  const named = await artifactNamed(api, text);
  if (E.isLeft(named)) return named;
  const findings = await findingsOf(api, named.right, event);
  if (E.isLeft(findings)) return findings;
  const { artifact, declined, decisions, unbuilt, module, image } = findings.right;
  if (options.json === true) {
    const { items } = declined;
    deps.stdout(asJson({ artifact, decisions, declined: items, builds: unbuilt, module, image }));
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
