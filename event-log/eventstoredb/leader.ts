import { setImmediate as nextTurn } from 'node:timers/promises';
import { isElsewhere } from './failures.ts';

/** Asked with every read: a follower may lag, only of its leader does a cluster hand over what was just appended. */
export const requiresLeader = true;

/** How often a read is sent on to another node before that counts as a failure. */
const largestDetour = 5;

/** Reads again where a node says that the leader is another: the client asks that one then. */
export const ofLeader = async <A>(read: () => Promise<A>): Promise<A> => {
  for (let detours = 0; ; detours += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isElsewhere(error) || detours >= largestDetour) throw error;
      await nextTurn();
    }
  }
};
