import type { TriggerReading } from '../trigger/reading.ts';

/** The kinds of work rules may tell apart. */
export type Flow = 'module' | 'container-slow' | 'container-fast' | 'container-push';

const flows: Readonly<Record<TriggerReading['kind'], Flow>> = {
  GitRPMSpecChangeEvent: 'module',
  GitModuleMetadataChangeEvent: 'module',
  MBSModuleStateChangeEvent: 'module',
  GitDockerfileChangeEvent: 'container-push',
  BodhiUpdateCompleteStableEvent: 'container-slow',
  BrewSignRPMEvent: 'container-fast',
};

/** The flow that a trigger of this kind starts; `module` for a kind that is not known here. */
export const flowOf = (kind: string): Flow =>
  (flows as Readonly<Record<string, Flow | undefined>>)[kind] ?? 'module';
