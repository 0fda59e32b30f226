import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { fileCursor } from '../../../ingest/feed/file-cursor.ts';
import { followFeed } from '../../../ingest/feed/follow-feed.ts';
import { handOf } from '../../identity.ts';
import type { StartSource } from './source.ts';

/** The HTTP feed. */
export const startFeed: StartSource = (deps, signal) => {
  const { config, logger } = deps;
  const { log, logId } = deps.stores;
  if (config.feedUrl === null) return [];
  const run = followFeed(
    {
      ingest: {
        ...handOf(log, 'freshmaker'),
        ...{ transport: 'feed', accepted: config.topicPrefixes },
        heard: () => deps.heard('feed'),
      },
      realm: config.rehearsal ? 'rehearsal' : 'real',
      url: config.feedUrl,
      cursor: fileCursor(join(config.data, 'feed-cursor.json'), {
        ...{ log, logId, report: logger.feed },
      }),
      report: logger.feed,
      random: Math.random,
      beat: deps.beatOf('The feed'),
    },
    signal,
  );
  return [['The feed', run.then(E.right)]];
};
