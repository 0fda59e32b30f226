import type { JsonObject } from '../json.ts';
import type { Judgement, Subject } from '../policy/judge.ts';
import { composeOf } from '../stream-names.ts';
import type { Decision } from '../trigger/decision.ts';
import type { Noticed, TriggerState } from '../trigger/trigger.ts';
import { directOf, edgesOf } from './facts-of.ts';
import { signaturesOf } from './lookups.ts';
import type { WaveFacts } from './facts.ts';
import { planWave } from './plan.ts';

type Lookups = TriggerState['lookups'];
type Declined = { readonly code: string; readonly evidence: JsonObject };

/** The rules of a moment, and what was decided for good before. */
export type WaveRules = {
  readonly version: string;
  readonly judge: (subject: Subject) => Judgement;
  readonly declined?: Declined | undefined;
  readonly settled?: NonNullable<WaveFacts['settled']>;
};

/** The wave is built from a repository made for this trigger alone; a rehearsal has none. */
export const needsCompose = ({ reading, rehearsal }: Noticed): boolean =>
  reading.kind === 'BrewSignRPMEvent' && !rehearsal;

/** The keys a repository of the signed builds may be made with; none while any is unsigned. */
export const sigkeysOf = (lookups: Lookups): ReadonlyArray<string> => {
  const builds = signaturesOf(lookups);
  const isUnsigned = builds.some(({ unsigned, keys }) => unsigned > 0 || keys.length === 0);
  return isUnsigned ? [] : [...new Set(builds.flatMap(({ keys }) => keys))].sort();
};

const notSigned = (noticed: Noticed, lookups: Lookups): Declined | undefined => {
  const isAsked = needsCompose(noticed) && Object.hasOwn(lookups, 'signatures');
  if (!isAsked || sigkeysOf(lookups).length > 0) return undefined;
  const signatures = signaturesOf(lookups).map(({ nvr, rpms, unsigned }) => ({
    nvr,
    rpms,
    unsigned,
  }));
  return { code: 'not-signed', evidence: { signatures } };
};

/** The whole wave of a trigger: the same look-ups under the same rules give the same decisions. */
export const waveOf = (
  noticed: Noticed,
  lookups: Lookups,
  { version, judge, declined, settled }: WaveRules,
): ReadonlyArray<Decision> => {
  const reason = declined ?? notSigned(noticed, lookups);
  return planWave({
    direct: directOf(noticed, lookups),
    edges: edgesOf(lookups),
    ...{ trigger: noticed.reading.kind, policyVersion: version, judge },
    ...(reason === undefined ? {} : { declined: reason }),
    ...(settled === undefined ? {} : { settled }),
    waitsFor: needsCompose(noticed) ? [composeOf(noticed.trigger)] : [],
  });
};
