import { readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bus } from '../bus/bus.ts';
import { pushMessages } from '../bus/push-messages.ts';
import type { Store } from '../store.ts';
import type { DistGit } from './dist-git.ts';
import { namesOf, readPush, type Push } from './push.ts';

export type Spool = {
  /** Announces every push noted so far; resolves when all are on the bus. */
  readonly sweep: () => Promise<void>;
  /**
   * Notes a push before `carryOut` makes it, so that it is announced also if the process dies in
   * between; a push that was not made is not announced.
   */
  readonly during: <T>(folder: string, line: string, carryOut: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

type Deps = {
  readonly store: Store;
  readonly bus: Bus;
  readonly distGit: DistGit;
  readonly warn: (text: string) => void;
};

const publish = ({ store, bus }: Deps, note: string, pushes: ReadonlyArray<Push>): void =>
  store.atomically(() => {
    if (!store.announce('note', note)) return; // told before, and the file was left behind
    for (const push of pushes) {
      const repo = `${push.namespace}/${push.repo}`;
      pushMessages(push, (rev) => store.announce(repo, rev)).forEach(bus.publish);
    }
  });

const announce = async (deps: Deps, name: string): Promise<void> => {
  const file = join(deps.distGit.spool, name);
  const [folder = '', user = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const home = deps.distGit.folder(namesOf(folder));
  const pushes: Array<Push> = [];
  for (const line of lines) {
    const push = await readPush(home, line, user);
    if (push !== undefined) pushes.push(push);
  }
  publish(deps, name, pushes);
  rmSync(file);
};

const stamp = (): string =>
  `${BigInt(Date.now()) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n)}`;

/** Watches the notes that hooks leave of pushes, and has each announced once, oldest first. */
export const openSpool = (deps: Deps): Spool => {
  const { spool } = deps.distGit;
  const unfinished = new Set<string>();
  let last = Promise.resolve();
  let closed = false;
  const announceAll = async (): Promise<void> => {
    if (closed) return;
    const names = readdirSync(spool).filter((name) => name.endsWith('.push'));
    for (const name of names.filter((one) => !unfinished.has(one)).toSorted()) {
      await announce(deps, name);
    }
  };
  const sweep = async (): Promise<void> => {
    const next = last.then(announceAll);
    last = next.catch((error: unknown) =>
      deps.warn(`A push could not be announced: ${String(error)}`),
    );
    return last;
  };
  const watcher = watch(spool, (_event, name) => {
    if (name?.endsWith('.push') === true && !unfinished.has(name)) void sweep();
  });
  return {
    sweep,
    during: async (folder, line, carryOut) => {
      const name = `${stamp()}-own.push`;
      unfinished.add(name);
      const draft = join(spool, `.${name}`);
      writeFileSync(draft, `${folder}\n\n${line}\n`);
      renameSync(draft, join(spool, name));
      try {
        return await carryOut();
      } finally {
        unfinished.delete(name);
        await sweep();
      }
    },
    close: async () => {
      watcher.close();
      await last;
      closed = true;
    },
  };
};
