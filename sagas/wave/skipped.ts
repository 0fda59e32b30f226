import type { TriggerState } from '../../domain/trigger/trigger.ts';
import { skippedOf } from '../../domain/wave/lookups.ts';

/** What people are told of at most; all of it is in the trigger's look-ups. */
const named = 3;

/** A sentence on builds that nothing could be learnt of, with a space in front; else nothing. */
export const whatWasSkipped = (lookups: TriggerState['lookups']): string => {
  const skipped = skippedOf(lookups);
  if (skipped.length === 0) return '';
  const names = skipped.slice(0, named).map(({ nvr, code }) => `${nvr} (${code})`);
  const more = skipped.length > named ? ` and ${skipped.length - named} more` : '';
  return ` Not looked into: ${names.join(', ')}${more}.`;
};
