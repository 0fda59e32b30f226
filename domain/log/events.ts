import * as t from 'io-ts';

/** The first event of every log: gives it the identity that checkpoints hold on to. */
export const LogCreated = t.strict(
  { type: t.literal('LogCreated'), logId: t.string },
  'LogCreated',
);
export const logStream = 'log';
