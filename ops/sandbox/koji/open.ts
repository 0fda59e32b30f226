import type { Bus } from '../bus/bus.ts';
import type { Misbehaviour } from '../control/misbehaviour.ts';
import type { Distribution } from '../distribution/distribution.ts';
import type { DistGit } from '../git/dist-git.ts';
import type { Pacing } from '../mbs/engine.ts';
import type { Rows } from '../mbs/rows.ts';
import type { Store } from '../store.ts';
import { openBook } from './book.ts';
import type { HubDeps } from './hub.ts';
import { openKoji } from './koji.ts';
import type { Composes, Koji } from './port.ts';
import { seedKoji } from './seed.ts';
import { openSessions } from './sessions.ts';
import { startTaskEngine } from './task-engine.ts';

type Deps = {
  readonly store: Store;
  readonly bus: Bus;
  readonly rows: Rows;
  readonly distGit: DistGit;
  readonly distribution: Distribution;
  readonly misbehaviour: Misbehaviour;
  readonly pacing: Pacing;
  readonly composes: Composes;
  readonly releases: ReadonlyArray<string>;
  readonly closing: AbortSignal;
  readonly warn: (text: string) => void;
};

/** Opens Koji: its records with the world's packages and images, its hub and its builder. */
export const openKojiPart = (
  deps: Deps,
): { readonly koji: Koji; readonly hub: HubDeps; readonly close: () => Promise<void> } => {
  const { store, bus, rows, distGit, distribution, misbehaviour, releases, closing } = deps;
  const book = openBook(store);
  const modularNvr = (module: string, source: string): string | undefined => {
    const [name = '', stream = ''] = module.split(':');
    const components = rows.latestReady(name, stream)?.components ?? [];
    return components.find((component) => component.package === source)?.nvr;
  };
  seedKoji({ store, book, distGit, distribution, modularNvr });
  const koji = openKoji({ store, book, bus, distribution });
  const engine = startTaskEngine({ ...deps, book });
  const hub = {
    ...{ store, book, engine, misbehaviour, releases, closing, tagBuild: koji.tagBuild },
    sessions: openSessions(store),
  };
  return { koji, hub, close: engine.close };
};
