import * as E from 'fp-ts/lib/Either.js';
import type { DifferenceFound } from '../../domain/reconcile/events.ts';
import { reconcileStream } from '../../domain/reconcile/events.ts';
import type { Run } from '../../domain/reconcile/state.ts';
import { decodeRecorded } from '../../event-log/carry-out.ts';
import type { EventLog } from '../../event-log/event-log.ts';
import type { Hindrance } from '../../sagas/act.ts';
import type { Completed } from '../../sagas/reconcile/completed.ts';
import { carryRun } from '../../sagas/reconcile/carry-run.ts';
import type { Claim } from '../../sagas/reconcile/claim.ts';
import { claim } from '../../sagas/reconcile/claim.ts';
import type { ReconcileDeps } from '../../sagas/reconcile/deps.ts';
import { summaryOf } from '../backend/reconcile-summary.ts';
import type { Column } from './asking/table.ts';
import { table } from './asking/table.ts';
import { exit } from './exit-codes.ts';

export type ReconcileCommandDeps = {
  readonly log: EventLog;
  readonly reconcile: ReconcileDeps;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly screen: { readonly isTerminal: boolean; readonly columns: number };
  readonly signal: AbortSignal;
};

const columns: ReadonlyArray<Column<DifferenceFound>> = [
  { title: 'SYSTEM', of: ({ system }) => system },
  { title: 'DIFFERENCE', of: ({ code }) => code },
  { title: 'ID', of: ({ externalId }) => (externalId === null ? '-' : String(externalId)) },
  { title: 'BUILD', of: ({ build }) => (build === null ? '-' : String(build)) },
  { title: 'ON RECORD', of: ({ recorded }) => recorded ?? 'nothing' },
  { title: 'FOUND', of: ({ found }) => found ?? 'nothing' },
  { title: 'DONE', of: ({ action }) => action },
  { title: 'OF', of: ({ subject }) => subject },
];

const jsonOf = (done: Completed, differences: ReadonlyArray<DifferenceFound>): string => {
  const { run, at, asked, unreachable, left } = done;
  const counts = {
    missed_messages: done.missedMessages,
    new_modules: done.newModules,
    new_images: done.newImages,
  };
  const found = differences.map(({ system, code, externalId, build, attempt, ...rest }) => {
    const { stream, subject, recorded, found: now, action } = rest;
    return {
      ...{ system, code, external_id: externalId, build, attempt, stream, subject },
      ...{ recorded, found: now, action },
    };
  });
  const all = { id: run, ended_at: at, asked, unreachable, left, ...counts, differences: found };
  return `${JSON.stringify(all)}\n`;
};

const pageSize = 1000;

/** The differences of one run, as they are on record. */
const differencesOf = async (
  { log, reconcile }: ReconcileCommandDeps,
  run: number,
): Promise<E.Either<Hindrance, ReadonlyArray<DifferenceFound>>> => {
  const found: Array<DifferenceFound> = [];
  for (let from = 0; ; from += pageSize) {
    const page = await log.readStream(reconcileStream(reconcile.realm), from, pageSize)();
    if (E.isLeft(page)) return page;
    for (const recorded of page.right.filter(({ type }) => type === 'DifferenceFound')) {
      const event = decodeRecorded(recorded);
      if (E.isLeft(event)) return event;
      if (event.right.type === 'DifferenceFound' && event.right.run === run) {
        found.push(event.right);
      }
    }
    if (page.right.length < pageSize) return E.right(found);
  }
};

const interrupted: Hindrance = { code: 'interrupted' };

/** Gets a run of our own, waiting for one that is under way; its owner may be gone. */
const claimed = async ({
  reconcile,
  stderr,
  signal,
}: ReconcileCommandDeps): Promise<E.Either<Hindrance, Extract<Claim, { type: 'ours' }>>> => {
  const watch = { seen: null };
  let told: Run | null = null;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const claiming = await claim(reconcile, watch, { why: 'order' });
    if (E.isLeft(claiming)) return claiming;
    if (claiming.right.type === 'ours') return E.right(claiming.right);
    const { after, for: other } = claiming.right;
    if (other !== null && other.run !== told?.run) {
      stderr(`Reconcile ${other.run} is under way, by ${other.owner}: waiting for it to end.\n`);
      told = other;
    }
    await reconcile.pause(Math.min(Math.max(after, 100), 1000), signal);
  }
  return E.left(interrupted);
};

const run = async (deps: ReconcileCommandDeps): Promise<E.Either<Hindrance, Completed>> => {
  const ours = await claimed(deps);
  if (E.isLeft(ours)) return ours;
  const progress: ReconcileDeps['progress'] = (question, told) => {
    const { code, reason = code } = typeof told === 'number' ? { code: '' } : told;
    deps.stderr(`${question}: ${typeof told === 'number' ? told : reason}\n`);
  };
  const { run: begun, marks } = ours.right;
  return carryRun({ ...deps.reconcile, progress }, begun, marks, deps.signal);
};

const complain = ({ stderr, signal }: ReconcileCommandDeps, why: Hindrance): number => {
  if (signal.aborted) {
    stderr('Interrupted; run it again to compare anew.\n');
    return exit.interrupted;
  }
  stderr(`freshmaker reconcile: ${why.reason ?? why.code}\n`);
  return exit.unreachable;
};

/**
 * `reconcile`: compares what is on record with what the services say, now. What differs this moment
 * counts, however short; a service that runs looks after it. Exit 0 all was compared, 4 something
 * could not be reached, 130 interrupted.
 */
export const reconcileCommand = async (
  deps: ReconcileCommandDeps,
  { json = false }: { readonly json?: boolean },
): Promise<number> => {
  const done = await run(deps);
  if (E.isLeft(done)) return complain(deps, done.left);
  const differences = await differencesOf(deps, done.right.run);
  if (E.isLeft(differences)) return complain(deps, differences.left);
  if (json) deps.stdout(jsonOf(done.right, differences.right));
  else {
    if (differences.right.length > 0) {
      deps.stdout(table(deps.screen, columns, differences.right));
    }
    deps.stdout(`${summaryOf(done.right)}\n`);
  }
  return done.right.unreachable.length > 0 ? exit.unreachable : exit.done;
};
