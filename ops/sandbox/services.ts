import type { BodhiDeps } from './bodhi/routes.ts';
import type { Bus } from './bus/bus.ts';
import type { Misbehaviour } from './control/misbehaviour.ts';
import { openDocuments, type Documents } from './documents.ts';
import type { DistGit } from './git/dist-git.ts';
import type { Build, ComposeFacts, Composes, Koji } from './koji/port.ts';
import type { Pacing } from './mbs/engine.ts';
import type { Rows } from './mbs/rows.ts';
import { STATES, wordsOf, type Compose } from './odcs/compose.ts';
import { openComposeEngine } from './odcs/engine.ts';
import type { OdcsDeps } from './odcs/routes.ts';
import type { Store } from './store.ts';
import { openShipping, type Shipping } from './updates/shipping.ts';
import type { Update } from './updates/update.ts';

export type Services = {
  readonly odcs: OdcsDeps;
  readonly bodhi: BodhiDeps;
  readonly shipping: Shipping;
  /** Takes up what was under way, once the sandbox can be reached. */
  readonly start: () => void;
  readonly close: () => void;
};

type Deps = {
  readonly store: Store;
  readonly bus: Bus;
  readonly rows: Rows;
  readonly distGit: DistGit;
  readonly misbehaviour: Misbehaviour;
  readonly koji: Koji;
  readonly composes: Documents<Compose>;
  readonly pacing: Pacing;
  readonly token: string | undefined;
  readonly releases: ReadonlyArray<string>;
  readonly base: () => string;
};

/** Keys that every RPM of a build carries. */
const keysOf = ({ rpms }: Build): ReadonlyArray<string> =>
  [...new Set(rpms.flatMap(({ sigkeys }) => sigkeys))].filter((key) =>
    rpms.every(({ sigkeys }) => sigkeys.includes(key)),
  );

/** What Koji's builder asks of composes: by id, or by the address of their repo file. */
export const composeFacts = (composes: Documents<Compose>): Composes => {
  const byId = (id: number): ComposeFacts | undefined => {
    const compose = composes.get(id);
    if (compose === undefined) return undefined;
    return { state: STATES[compose.state] ?? 'failed', nvrs: wordsOf(compose.builds) };
  };
  return { byId, byRepoUrl: (url) => byId(Number(/\/odcs-(\d+)\.repo$/.exec(url)?.[1] ?? 0)) };
};

/** ODCS, Bodhi and those who ship updates. */
export const openServices = (deps: Deps): Services => {
  const { store, bus, rows, distGit, misbehaviour, koji, composes, base, token } = deps;
  const keys = (nvr: string): ReadonlyArray<string> | undefined => {
    const build = koji.buildOf(nvr);
    return build === undefined ? undefined : keysOf(build);
  };
  const shared = { store, bus, misbehaviour };
  const engine = openComposeEngine({
    ...{ ...shared, composes, base, keysOf: keys },
    pacing: deps.pacing,
  });
  const updates = openDocuments<Update>(store, 'update');
  return {
    odcs: { composes, engine, misbehaviour, base, token },
    bodhi: { updates, misbehaviour, releases: deps.releases },
    shipping: openShipping({ ...shared, koji, rows, distGit, updates }),
    start: engine.start,
    close: engine.close,
  };
};
