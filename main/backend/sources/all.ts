import { startAmqp } from './amqp.ts';
import { startCatchUp } from './catch-up.ts';
import { startFedmsg } from './fedmsg.ts';
import { startFeed } from './feed.ts';
import type { StartSource } from './source.ts';

/** Every kind of source that messages may come from. */
export const startSources: ReadonlyArray<StartSource> = [
  startAmqp,
  startFedmsg,
  startFeed,
  startCatchUp,
];
