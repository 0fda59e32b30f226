import * as E from 'fp-ts/lib/Either.js';
import type { Api, ApiFailure } from './asking/api.ts';
import type { Asking, Json } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { findBuilds } from './asking/find.ts';
import { artifactShown, buildColumns, tellRest } from './asking/lists.ts';
import { Attempts, Build, pageOf } from './asking/shapes.ts';
import type { Column } from './asking/table.ts';
import { facts, inColour, plain, table, toSecond } from './asking/table.ts';
import { signedBuildsOf } from './composes.ts';
import { exit } from './exit-codes.ts';

export type BuildsList = Json & {
  readonly state?: string;
  readonly name?: string;
  readonly event?: string;
  readonly limit: string;
  readonly page: string;
};

/** `builds list`: a page of builds, the newest first. */
export const buildsList = (deps: Asking, options: BuildsList): Promise<number> =>
  asking(deps, async (api) => {
    const { state, name, event: event_id, limit: per_page, page } = options;
    const wanted = { state, name, event_id, per_page, page };
    const builds = await api.get('builds/', pageOf(Build), wanted)();
    if (E.isLeft(builds)) return builds;
    if (options.json === true) deps.stdout(asJson(builds.right));
    else {
      deps.stdout(table(deps.screen, buildColumns, builds.right.items));
      deps.stderr(tellRest('build', builds.right.meta));
    }
    return E.right(exit.done);
  });

type Attempt = Attempts['items'][number];

const attemptColumns: ReadonlyArray<Column<Attempt>> = [
  { title: 'ATTEMPT', of: ({ attempt }) => String(attempt) },
  { title: 'COMMIT', of: ({ commit }) => commit?.slice(0, 12) ?? '-' },
  { title: 'EXTERNAL', of: ({ external_ids: ids }) => ids.join(', ') || '-' },
  { title: 'OUTCOME', of: ({ outcome }) => outcome ?? 'under way', isState: true },
  { title: 'REASON', of: ({ reason }) => reason ?? '-' },
];

const textIn = ({ build_args: args }: Build, key: string): string | null => {
  const value = args[key];
  return typeof value === 'string' ? value : null;
};

/** What a build of an image is asked with. */
const imageFacts = (build: Build): ReadonlyArray<readonly [string, string | null]> => [
  ['rebuilds', build.original_nvr],
  ['becomes', build.rebuilt_nvr],
  ['release', textIn(build, 'release')],
  ['target', textIn(build, 'target')],
  ['parent', textIn(build, 'parent')],
  ['composes', build.odcs_composes.join(', ')],
];

/** A build in a few lines: what, how far, since when. */
export const buildInFull = (
  { screen }: Pick<Asking, 'screen'>,
  build: Build,
  attempts: Attempts,
  more: ReadonlyArray<readonly [string, string | null]> = [],
): string => {
  const { state_name: state } = build;
  const heading = `Build ${build.id}  ${inColour(screen, state)}  ${plain(artifactShown(build))}\n`;
  const parent = build.dep_on_id === null ? '' : ` (build ${build.dep_on_id})`;
  const told = facts([
    ['state', build.state_reason],
    ['artifact', attempts.artifact],
    ['why', build.rebuild_reason.replace('_', ' ')],
    ['waited for', build.dep_on === null ? null : `${build.dep_on}${parent}`],
    ...imageFacts(build),
    ['planned', toSecond(build.time_submitted)],
    ['completed', build.time_completed === null ? null : toSecond(build.time_completed)],
    ['events', attempts.event_ids.join(', ')],
    ['external id', build.build_id === null ? null : String(build.build_id)],
    ['rehearsal', attempts.dry_run ? 'yes: it is never submitted' : null],
    ...more,
  ]);
  const tried =
    attempts.items.length === 0
      ? 'Nothing was submitted.\n'
      : table(screen, attemptColumns, attempts.items);
  return `${heading}${told}\n${tried}`;
};

/** The newest build that is meant, with its attempts; says so where there are several. */
export const oneBuild = async (
  deps: Asking,
  api: Api,
  text: string,
): Promise<E.Either<ApiFailure, { readonly build: Build; readonly attempts: Attempts }>> => {
  const found = await findBuilds(api, text);
  if (E.isLeft(found)) return found;
  const [build] = found.right;
  if (build === undefined) throw new Error('nothing found counts as missing');
  if (found.right.length > 1) {
    const ids = found.right.map(({ id }) => id).join(', ');
    deps.stderr(`Builds ${ids} answer to this; the newest is shown.\n`);
  }
  const attempts = await api.get(`builds/${build.id}/attempts/`, Attempts)();
  return E.isLeft(attempts) ? attempts : E.right({ build, attempts: attempts.right });
};

/** `builds show <id>`: one build and every try at it. */
export const buildsShow = (deps: Asking, text: string, options: Json): Promise<number> =>
  asking(deps, async (api) => {
    const found = await oneBuild(deps, api, text);
    if (E.isLeft(found)) return found;
    const { build, attempts } = found.right;
    if (options.json === true) {
      deps.stdout(asJson(build));
      return E.right(exit.done);
    }
    const signed = await signedBuildsOf(api, build);
    if (E.isLeft(signed)) return signed;
    deps.stdout(buildInFull(deps, build, attempts, [['made of', signed.right]]));
    return E.right(exit.done);
  });
