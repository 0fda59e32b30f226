import { setTimeout as pause } from 'node:timers/promises';
import * as E from 'fp-ts/lib/Either.js';
import type { Api, ApiFailure } from './asking/api.ts';
import type { Asking, Json, Told } from './asking/asking.ts';
import { asJson, asking } from './asking/asking.ts';
import { findBuilds } from './asking/find.ts';
import { artifactShown } from './asking/lists.ts';
import { Attempts, Build, pageOf } from './asking/shapes.ts';
import { inColour, plain } from './asking/table.ts';
import { exit } from './exit-codes.ts';

export type Watch = Json & {
  /** False: tell the state as it is now, and go. */
  readonly wait: boolean;
  /** Seconds between two looks. */
  readonly every: number;
};

/** `now`: ISO 8601. */
export type Watching = Asking & { readonly now: () => string };

const unfinished = new Set(['BUILD', 'PLANNED']);
const isFinished = ({ state_name: state }: Build): boolean => !unfinished.has(state);
const isBad = ({ state_name: state }: Build): boolean => state === 'FAILED' || state === 'CANCELED';

/** Looks in a row that may go wrong once the service has answered: it may be restarting. */
const tolerated = 30;

type Teller = {
  /** Takes the state for known; true when it was not. */
  readonly note: (build: Build) => boolean;
  /** Tells what is not known yet. */
  readonly tell: (build: Build) => void;
};

const tellerOf = ({ stdout, screen, now }: Watching, { json }: Json): Teller => {
  const known = new Map<number, string>();
  const note = ({ id, state_name: state, state_reason: reason }: Build): boolean => {
    const condition = `${state} ${reason ?? ''}`;
    const isNews = known.get(id) !== condition;
    known.set(id, condition);
    return isNews;
  };
  const tell = (build: Build): void => {
    if (!note(build)) return;
    const { id, state_name: state, state_reason: reason } = build;
    if (json === true) {
      stdout(asJson(build));
      return;
    }
    const shown = inColour(screen, state, state.padEnd(8));
    const words = plain(`build ${id}  ${artifactShown(build)}`);
    const line = `${now().slice(11, 19)}  ${shown}  ${words}  ${plain(reason ?? '')}`;
    stdout(`${line.trimEnd()}\n`);
  };
  return { note, tell };
};

/** Waits for the next look; false when the person has had enough. */
const rest = async ({ signal }: Asking, seconds: number): Promise<boolean> => {
  try {
    await pause(seconds * 1000, undefined, signal === undefined ? {} : { signal });
    return true;
  } catch {
    return false;
  }
};

type Look = () => Promise<E.Either<ApiFailure, boolean>>;

/** Looks again and again until `look` says it is over (true), or Ctrl-C (false). */
const untilOver = async (
  deps: Asking,
  every: number,
  look: Look,
): Promise<E.Either<ApiFailure, boolean>> => {
  for (let faults = 0; ;) {
    const seen = await look();
    if (E.isRight(seen) && seen.right) return seen;
    if (E.isLeft(seen)) {
      faults += 1;
      if (seen.left.code !== 'unreachable' || faults > tolerated) return seen;
      if (faults === 1) deps.stderr(`freshmaker: ${seen.left.reason} Trying on.\n`);
    } else faults = 0;
    if (!(await rest(deps, every))) return E.right(false);
  }
};

const lookAt = async (
  api: Api,
  ids: ReadonlyArray<number>,
): Promise<E.Either<ApiFailure, ReadonlyArray<Build>>> => {
  const builds: Array<Build> = [];
  for (const id of ids) {
    const build = await api.get(`builds/${id}`, Build)();
    if (E.isLeft(build)) return build;
    builds.push(build.right);
  }
  return E.right(builds);
};

/** Rehearsed builds stay planned for ever: nobody waits for them. */
const isRehearsed = async (api: Api, { id }: Build): Promise<E.Either<ApiFailure, boolean>> =>
  E.map((attempts: Attempts) => attempts.dry_run)(
    await api.get(`builds/${id}/attempts/`, Attempts)(),
  );

const watchSome = async (deps: Watching, api: Api, text: string, options: Watch): Told => {
  const found = await findBuilds(api, text);
  if (E.isLeft(found)) return found;
  const { tell } = tellerOf(deps, options);
  let builds = found.right;
  builds.forEach(tell);
  const codeNow = (): number => (builds.some(isBad) ? exit.failed : exit.done);
  if (!options.wait || builds.every(isFinished)) return E.right(codeNow());
  const [first] = builds;
  const rehearsed = first === undefined ? E.right(true) : await isRehearsed(api, first);
  if (E.isLeft(rehearsed)) return rehearsed;
  if (rehearsed.right) {
    deps.stderr('It is part of a rehearsal, and is never submitted: nothing to wait for.\n');
    return E.right(codeNow());
  }
  const ids = builds.map(({ id }) => id);
  const over = await untilOver(deps, options.every, async () => {
    const seen = await lookAt(api, ids);
    if (E.isLeft(seen)) return seen;
    builds = seen.right;
    builds.forEach(tell);
    return E.right(builds.every(isFinished));
  });
  return E.map((isOver: boolean) => (isOver ? codeNow() : exit.interrupted))(over);
};

/** The newest builds: as many as a page of the API may hold. */
const window = { per_page: '1000' };

const watchAll = async (deps: Watching, api: Api, options: Watch): Told => {
  const { tell, note } = tellerOf(deps, options);
  let isFirst = true;
  const look: Look = async () => {
    const page = await api.get('builds/', pageOf(Build), window)();
    if (E.isLeft(page)) return page;
    const builds = page.right.items.toReversed();
    for (const build of builds) {
      if (isFirst && build.state_name !== 'BUILD') note(build);
      else tell(build);
    }
    isFirst = false;
    return E.right(!options.wait);
  };
  const first = await look();
  if (E.isLeft(first)) return first;
  if (first.right || !(await rest(deps, options.every))) return E.right(exit.done);
  return E.map(() => exit.done)(await untilOver(deps, options.every, look));
};

/**
 * `builds watch [<id>]`: tells every change until all builds meant are finished; exit 1 when one of
 * them failed or was cancelled, 130 when interrupted before. Without an id: of all builds, until
 * interrupted, exit 0.
 */
export const buildsWatch = (
  deps: Watching,
  text: string | undefined,
  options: Watch,
): Promise<number> =>
  asking(deps, (api) =>
    text === undefined ? watchAll(deps, api, options) : watchSome(deps, api, text, options),
  );
