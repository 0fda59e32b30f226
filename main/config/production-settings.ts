import { optional, text, whole } from './parse.ts';

const day = 86_400;

/** What an installation on servers, of several processes, needs beside. Times are seconds. */
export const productionSettings = {
  mongodb: {
    ...{ env: 'FRESHMAKER_MONGODB', parse: optional(text), fallback: null as string | null },
    what: 'connection string of MongoDB (a replica set), the database in its path; the embedded read models when unset',
  },
  healthPort: {
    ...{ env: 'FRESHMAKER_HEALTH_PORT', parse: optional(whole(0, 65_535)) },
    fallback: null as number | null,
    what: 'port where a backend without an API tells its health and metrics; none when unset',
  },
  reconcileEvery: {
    ...{ env: 'FRESHMAKER_RECONCILE_EVERY', parse: whole(10, 30 * day), fallback: 3600 },
    what: 'seconds between two comparisons of what is on record with what the services say',
  },
  reconcileGrace: {
    ...{ env: 'FRESHMAKER_RECONCILE_GRACE', parse: whole(0, day), fallback: 90 },
    what: 'seconds a difference between the two must last to count',
  },
  silentAfter: {
    ...{ env: 'FRESHMAKER_SILENT_AFTER', parse: whole(1, 30 * day), fallback: 900 },
    what: 'seconds without a message after which a source counts as silent',
  },
  drain: {
    ...{ env: 'FRESHMAKER_DRAIN', parse: whole(0, 3600), fallback: 20 },
    what: 'seconds that calls under way are given to end when the service stops',
  },
};
