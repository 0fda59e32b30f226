import type { ExecutionContext } from 'ava';
import test from 'ava';
import { slots } from '../../clients/transport/slots.ts';

/** Each scene is a world of its own, and there are only so many cores. */
const few = slots(3);

/** A test that waits for its turn: so many of a file run side by side. */
export const scene = (title: string, run: (t: ExecutionContext) => Promise<void>): void => {
  test(title, (t) => few.use(() => run(t)));
};
