import type { Match } from './policy.ts';

/**
 * Values of which there are few and known ones: a pattern that matches none of them is a slip of
 * the pen. `trigger` holds the names of the REST API's event types, flows yet to come included.
 */
export const vocabulary: { readonly [key in keyof Match]?: ReadonlyArray<string> } = {
  kind: ['module', 'image'],
  flow: ['module', 'container-slow', 'container-fast', 'container-push', 'manual'],
  trigger: [
    'MBSModuleStateChangeEvent',
    'GitModuleMetadataChangeEvent',
    'GitRPMSpecChangeEvent',
    'GitDockerfileChangeEvent',
    'BodhiUpdateCompleteStableEvent',
    'BrewSignRPMEvent',
    'ODCSComposeStateChangeEvent',
    'FreshmakerManualRebuildEvent',
    'FreshmakerAsyncManualBuildEvent',
  ],
};
