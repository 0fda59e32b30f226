import type { Why } from '../../domain/catch-up/events.ts';
import { coveredTo, isAmong } from '../../domain/catch-up/coverage.ts';
import type { CatchUpState, Completed } from '../../domain/catch-up/state.ts';
import type { Window, WindowRules } from '../../domain/catch-up/window.ts';
import { spanFor } from '../../domain/catch-up/window.ts';

/** What one call is to bring about. Times are ISO 8601 UTC; `began` is when it was called. */
export type Aim =
  | {
      readonly why: Exclude<Why, 'order'>;
      readonly began: string;
      readonly logBegan: string;
      readonly rules: WindowRules;
    }
  | {
      readonly why: 'order';
      readonly by: string;
      readonly from: string;
      readonly to: string;
    };

type Order = { readonly from: string; readonly to: string };

const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** What of an order a completed run has not done. */
const restAfter =
  (topics: ReadonlyArray<string>) =>
  (order: Order | undefined, done: Completed): Order | undefined => {
    if (order === undefined || !isAmong(topics, done.topics)) return order;
    if (done.from > order.from || done.to <= order.from) return order;
    return done.to >= order.to ? undefined : { from: done.to, to: order.to };
  };

/**
 * The window still to be fetched of these topics (all when empty), after the runs that were completed since the call; undefined when
 * there is none. An order is carried out also where all of it was fetched before.
 */
export const windowOf = (
  aim: Aim,
  topics: ReadonlyArray<string>,
  state: CatchUpState,
  completed: ReadonlyArray<Completed>,
): Window | undefined => {
  if (aim.why === 'order') {
    const rest = completed.reduce<Order | undefined>(restAfter(topics), aim);
    return rest && { from: rest.from, to: rest.to, leftOutFrom: null };
  }
  const [now, logBegan] = [Date.parse(aim.began), Date.parse(aim.logBegan)];
  const end = coveredTo(state.covered, topics);
  const covered = end === null ? null : Date.parse(end);
  const span = spanFor({ now, logBegan, coveredTo: covered }, aim.rules);
  if (span === undefined) return undefined;
  const leftOutFrom = span.leftOutFrom === null ? null : iso(span.leftOutFrom);
  return { from: iso(span.from), to: iso(span.to), leftOutFrom };
};
