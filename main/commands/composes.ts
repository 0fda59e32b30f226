import * as E from 'fp-ts/lib/Either.js';
import type { Api, ApiFailure } from './asking/api.ts';
import type { Asking, Json } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { Compose } from './asking/image-shapes.ts';
import { tellRest } from './asking/lists.ts';
import type { Build } from './asking/shapes.ts';
import { pageOf } from './asking/shapes.ts';
import type { Column } from './asking/table.ts';
import { facts, inColour, table, toMinute } from './asking/table.ts';
import { exit } from './exit-codes.ts';

export type ComposesList = Json & {
  readonly event?: string;
  readonly state?: string;
  readonly nvr?: string;
  readonly limit: string;
  readonly page: string;
};

const columns: ReadonlyArray<Column<Compose>> = [
  { title: 'EVENT', of: ({ event_id: id }) => String(id) },
  { title: 'STATE', of: ({ state }) => state, isState: true },
  { title: 'COMPOSE', of: ({ compose_id: id }) => (id === null ? '-' : String(id)) },
  { title: 'UNTIL (UTC)', of: ({ expires_at: time }) => toMinute(time) },
  { title: 'MADE OF', of: ({ builds }) => builds.join(', ') || '-' },
  {
    title: 'USED BY BUILDS',
    of: ({ used_by: uses }) => [...new Set(uses.map(({ build }) => build))].join(', ') || '-',
  },
  { title: 'REPO FILE', of: ({ repofile }) => repofile ?? '-' },
  { title: 'REASON', of: ({ state_reason: reason }) => reason ?? '-' },
];

/** `composes`: disposable repositories, what each was made of, and which builds used it. */
export const composesList = (deps: Asking, options: ComposesList): Promise<number> =>
  asking(deps, async (api) => {
    const { event: event_id, state, nvr, limit: per_page, page } = options;
    const wanted = { event_id, state, nvr, per_page, page };
    const composes = await api.get('composes/', pageOf(Compose), wanted)();
    if (E.isLeft(composes)) return composes;
    if (options.json === true) deps.stdout(asJson(composes.right));
    else {
      deps.stdout(table(deps.screen, columns, composes.right.items));
      deps.stderr(tellRest('compose', composes.right.meta));
    }
    return E.right(exit.done);
  });

type Use = Compose['used_by'][number];

const useColumns: ReadonlyArray<Column<Use>> = [
  { title: 'IMAGE', of: ({ nvr }) => nvr ?? '-' },
  { title: 'OF', of: ({ artifact }) => artifact ?? '-' },
  { title: 'COMPOSE', of: ({ compose_id: id }) => String(id) },
  { title: 'BUILD', of: ({ build }) => String(build) },
  { title: 'ATTEMPT', of: ({ attempt }) => String(attempt) },
  { title: 'OUTCOME', of: ({ outcome }) => outcome ?? 'under way', isState: true },
];

const inFull = ({ screen }: Asking, id: string, compose: Compose): string => {
  const { builds, event_id: event, expires_at: until, repofile, state, used_by: uses } = compose;
  const told = facts([
    ['state', compose.state_reason],
    ['made of', builds.join(', ')],
    ['event', String(event)],
    ['until', until === null ? null : `${toMinute(until)} UTC`],
    ['repo file', repofile],
  ]);
  const into = uses.length === 0 ? 'It went into no image.\n' : table(screen, useColumns, uses);
  return `Compose ${id}  ${inColour(screen, state)}\n${told}\n${into}`;
};

/** `composes <id>`: one disposable repository, and every image it went into. */
export const composesShow = (deps: Asking, id: string, options: Json): Promise<number> =>
  asking(deps, async (api) => {
    const compose = await api.get(`composes/${encodeURIComponent(id)}`, Compose)();
    if (E.isLeft(compose)) return compose;
    deps.stdout(options.json === true ? asJson(compose.right) : inFull(deps, id, compose.right));
    return E.right(exit.done);
  });

/** The signed builds that each compose of a build is made of, in words; null without composes. */
export const signedBuildsOf = async (
  api: Api,
  { id, odcs_composes: used }: Build,
): Promise<E.Either<ApiFailure, string | null>> => {
  if (used.length === 0) return E.right(null);
  const wanted = { build: String(id), per_page: '1000' };
  const composes = await api.get('composes/', pageOf(Compose), wanted)();
  if (E.isLeft(composes)) return composes;
  const told = composes.right.items.flatMap(({ builds, used_by: uses }) => {
    const here = uses.find(({ build, compose_id: each }) => build === id && used.includes(each));
    return here === undefined ? [] : [`${here.compose_id} of ${builds.join(', ')}`];
  });
  return E.right(told.join('; '));
};
