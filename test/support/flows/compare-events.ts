import type { BuildRow } from '../../../projectors/builds/row.ts';
import { buildStates } from '../../../projectors/builds/row.ts';
import { eventStates } from '../../../projectors/events/row.ts';
import type { Sides } from './ours.ts';
import { eventId, isBlocked, nameOf } from './ours.ts';
import type { Played } from './play.ts';
import type { Scenario } from './recorded.ts';

/** One event, told of theirs and of ours in the same words. */
export type EventLine = {
  readonly message: string;
  readonly state: string | undefined;
  readonly searchKey: string | undefined;
  readonly type: number | undefined;
};
const eventState = (played: Played, scenario: Scenario, id: number): string => {
  const builds = played.builds.filter(({ eventIds }) => eventIds.includes(id));
  const blocked = builds.filter((build) => isBlocked(played, scenario, build, id));
  const isOpen = ({ state }: BuildRow): boolean =>
    state === buildStates.BUILD || state === buildStates.PLANNED;
  if (builds.length === 0) return 'SKIPPED';
  if (builds.some((build) => isOpen(build) && !blocked.includes(build))) return 'BUILDING';
  const failed = builds.some(({ state }) => state === buildStates.FAILED);
  return failed || blocked.length > 0 ? 'FAILED' : 'COMPLETE';
};

/** Every change heard of, beside our events; the original kept those alone that it built for. */
export const compareEvents = (played: Played, scenario: Scenario): Sides<EventLine> => {
  const ours = played.events.map(({ messageId, searchKey, eventTypeId, state }) => ({
    ...{ message: messageId, state: nameOf(eventStates, state), searchKey, type: eventTypeId },
  }));
  const expected = played.plan.roots.map((message) => {
    const theirs = scenario.final.events.find(({ message_id }) => message_id === message);
    const mine = ours.find((event) => event.message === message);
    const isInvented = message === scenario.existing?.event.message_id || theirs === undefined;
    return {
      ...{ message, state: eventState(played, scenario, eventId(played, message)) },
      searchKey: theirs?.search_key ?? mine?.searchKey,
      type: isInvented ? mine?.type : theirs.event_type_id,
    };
  });
  return { ours, expected };
};
