import * as E from 'fp-ts/lib/Either.js';
import { setAside } from '../../set-aside.ts';
import type { Topic } from '../topic.ts';

/** What this service itself announces: heard again, it must not act on it. */
export const freshmakerAnnouncement: Topic = {
  patterns: [
    'freshmaker.event.state.changed',
    'freshmaker.event.state.changed.min',
    'freshmaker.build.state.changed',
  ],
  translate: ({ topic }) =>
    E.left(setAside('own-message', `${topic} is what this service (or another of its kind) said`)),
};
