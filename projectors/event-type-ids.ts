/** The numbers that the REST API gives to kinds of events (names: contract of the original service). */
export const eventTypeIds: ReadonlyMap<string, number> = new Map(
  [
    'MBSModuleStateChange',
    'GitModuleMetadataChange',
    'GitRPMSpecChange',
    'Testing',
    'GitDockerfileChange',
    'BodhiUpdateCompleteStable',
    'KojiTaskStateChange',
    'BrewSignRPM',
    'ErrataRPMAdvisoryShipped',
    'BrewContainerTaskStateChange',
    'ErrataAdvisoryStateChanged',
    'FreshmakerManualRebuild',
    'ODCSComposeStateChange',
    'ManualRebuildWithAdvisory',
    'FreshmakerAsyncManualBuild',
    'BotasErrataShipped',
    'ManualBundleRebuild',
    'FlatpakModuleAdvisoryReady',
    'FlatpakApplicationManualBuild',
  ].map((name, id) => [`${name}Event`, id]),
);
