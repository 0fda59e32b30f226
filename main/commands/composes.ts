import * as E from 'fp-ts/lib/Either.js';
import type { Asking, Json } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { Compose } from './asking/image-shapes.ts';
import { tellRest } from './asking/lists.ts';
import { pageOf } from './asking/shapes.ts';
import type { Column } from './asking/table.ts';
import { table, toMinute } from './asking/table.ts';
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
