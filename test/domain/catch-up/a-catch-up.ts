import type { Claim } from '../../../domain/catch-up/commands.ts';
import type { CatchUpEvent } from '../../../domain/catch-up/events.ts';

const at = (minute: number): string => `2026-03-01T10:${String(minute).padStart(2, '0')}:00.000Z`;

export const claimBy = (owner: string, minute: number, more: Partial<Claim> = {}): Claim => ({
  ...{ type: 'Claim', why: 'gap', by: null, owner, now: at(minute), deadline: at(minute + 2) },
  ...{ window: { from: at(0), to: at(minute), leftOutFrom: null }, coveredTo: null, topics: [] },
  ...more,
});

export const progress = {
  ...{ partFrom: at(0), partTo: at(5), page: 2, pages: 4 },
  ...{ messages: 200, missed: 3 },
};

export const begun: CatchUpEvent = {
  ...{
    type: 'CatchUpBegun',
    run: 1,
    why: 'gap',
    owner: 'a',
    by: null,
    leftOutFrom: null,
    topics: [],
  },
  ...{ from: at(0), to: at(5), deadline: at(7) },
};

export const advanced: CatchUpEvent = {
  ...{ type: 'CatchUpAdvanced', run: 1, owner: 'a', deadline: at(8), ...progress },
};

export const completed: CatchUpEvent = {
  ...{ type: 'CatchUpCompleted', run: 1, messages: 400, missed: 5, seenBefore: 395 },
};

export { at };
