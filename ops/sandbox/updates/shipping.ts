import * as E from 'fp-ts/lib/Either.js';
import { updateMessage } from '../bodhi/render.ts';
import type { Bus } from '../bus/bus.ts';
import type { Misbehaviour } from '../control/misbehaviour.ts';
import type { Documents } from '../documents.ts';
import { RAWHIDE } from '../koji/port.ts';
import { chance } from '../random.ts';
import type { Store } from '../store.ts';
import { buildFor, type BuildDeps } from './builds.ts';
import type { UpdateOrder } from './order.ts';
import { legsTo, wayOf, type Stage, type Step, type Update } from './update.ts';

export type Shipping = {
  /** Builds what is asked for and takes it as far as is asked for; a text says why not. */
  readonly ship: (order: UpdateOrder) => E.Either<string, Update>;
  /** Takes an update to a stage, or one step further; it stays where it is when it is there already. */
  readonly advance: (update: Update, stage: Stage | undefined) => Update;
  /** By alias, by number or by the NVR of what it ships. */
  readonly find: (name: string) => Update | undefined;
  readonly updates: Documents<Update>;
};

export type ShippingDeps = BuildDeps & {
  readonly store: Store;
  readonly bus: Bus;
  readonly misbehaviour: Misbehaviour;
  readonly updates: Documents<Update>;
};

const aliasOf = (id: number, { release, what }: UpdateOrder): string | null => {
  if (release === RAWHIDE) return null;
  const prefix = what.type === 'module' ? 'FEDORA-MODULAR' : 'FEDORA';
  const hash = Math.floor(chance('alias', id) * 2 ** 40)
    .toString(16)
    .padStart(10, '0');
  return `${prefix}-${new Date().getUTCFullYear()}-${hash}`;
};

const buildsOf = ({ shipped }: Update): ReadonlyArray<string> =>
  shipped.flatMap(({ builds }) => builds);

const tagged = ({ koji }: ShippingDeps, update: Update, tag: string): Update => {
  const before = update.tags.at(-1);
  for (const nvr of buildsOf(update)) {
    koji.tagBuild(tag, nvr);
    if (before !== undefined) koji.untagBuild(before, nvr);
  }
  return { ...update, tags: [...update.tags, tag] };
};

const told = (deps: ShippingDeps, update: Update, topic: string): Update => {
  const now = Date.now();
  const stable = topic === 'complete.stable';
  const dates = stable ? { stable: now } : { testing: now };
  const after = { ...update, ...dates };
  const names = [update.alias ?? '', ...update.shipped.map(({ nvr }) => nvr)];
  if (deps.misbehaviour.take('no-messages', { names }) !== undefined) return after;
  const message = updateMessage(after, topic);
  deps.bus.publish(message);
  if (deps.misbehaviour.take('duplicate-messages', { names }) !== undefined) {
    deps.bus.publish(message);
  }
  return after;
};

const carriedOut = (deps: ShippingDeps, update: Update, step: Step): Update => {
  if (step.do === 'tag') return tagged(deps, update, step.tag);
  if (step.do === 'tell') return told(deps, update, step.topic);
  for (const nvr of buildsOf(update)) deps.koji.signBuild(nvr, step.key);
  return { ...update, signed: true };
};

const draft = (id: number, order: UpdateOrder, shipped: Update['shipped']): Update => ({
  ...{ id, alias: aliasOf(id, order), release: order.release, content: order.what.type, shipped },
  ...{ form: order.form, kind: order.kind, severity: order.severity, user: order.user },
  ...{ gone: 0, tags: [], signed: false, submitted: Date.now(), testing: null, stable: null },
});

/** Takes packages and modules from their builds to the users, on the way Fedora takes. */
export const openShipping = (deps: ShippingDeps): Shipping => {
  const { updates, store } = deps;
  const advance = (update: Update, stage: Stage | undefined): Update => {
    const way = wayOf(update);
    const to = stage === undefined ? update.gone + 1 : legsTo(way, stage);
    return store.atomically(() => {
      const legs = way.slice(update.gone, Math.max(to, update.gone));
      const moved = legs.reduce((now, { step }) => carriedOut(deps, now, step), update);
      return updates.save({ ...moved, gone: update.gone + legs.length });
    });
  };
  return {
    updates,
    advance,
    ship: (order) =>
      store.atomically(() => {
        const shipped = buildFor(deps, order);
        if (E.isLeft(shipped)) return shipped;
        const update = updates.save(draft(updates.nextId(), order, shipped.right));
        return E.right(advance(update, order.stage));
      }),
    find: (name) =>
      updates
        .all()
        .findLast(
          ({ alias, id, shipped }) =>
            alias === name || String(id) === name || shipped.some(({ nvr }) => nvr === name),
        ),
  };
};
