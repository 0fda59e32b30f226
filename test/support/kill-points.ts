/** Where a process is killed: around the append of an event type, or around a call outside. */
export type Point = { readonly at: string; readonly when: 'before' | 'after' };

const around = (names: ReadonlyArray<string>): ReadonlyArray<Point> =>
  names.flatMap((at) => [
    { at, when: 'before' },
    { at, when: 'after' },
  ]);

/** A spec file changes, and a module and its dependent are built. */
export const killPoints: ReadonlyArray<Point> = around([
  ...['MessageObserved', 'PushHeard', 'NumberAssigned', 'TriggerNoticed', 'PushUsed'],
  ...['LookupAnswered', 'DecisionsCompleted', 'CauseTaken', 'WaveLaunched', 'WaitFulfilled'],
  ...['BuildStarted', 'CommitPrepared', 'SubmissionIntended', 'BuildSubmitted'],
  ...['BuildStateObserved', 'ModuleContentsRecorded', 'BuildSucceeded', 'TriggerConcluded'],
  ...['git.head', 'git.bump', 'mbs.submit', 'mbs.contents'],
]);

/**
 * A build is signed, a compose is made, and an image and its child are built with it. To die before
 * an append leaves what dying after the one before it leaves, so appends have their `after` only.
 */
export const imageKillPoints: ReadonlyArray<Point> = [
  ...[
    ...['MessageObserved', 'SignatureHeard', 'SignaturesChecked', 'NumberAssigned'],
    ...['TriggerNoticed', 'LookupAnswered', 'DecisionsCompleted', 'ComposeWanted', 'CauseTaken'],
    ...['WaveLaunched', 'ComposeIntended', 'ComposeSubmitted', 'ComposeStateObserved'],
    ...['ComposeReady', 'WaitFulfilled', 'BuildStarted', 'ImageBuildPrepared'],
    ...['SubmissionIntended', 'BuildSubmitted', 'BuildStateObserved', 'ImageBuildHeard'],
    ...['ImageContentsRecorded', 'ImageBuilt', 'BuildSucceeded', 'TriggerConcluded'],
  ].map((at): Point => ({ at, when: 'after' })),
  ...around(['koji.rpms', 'koji.build', 'koji.task', 'koji.contents', 'odcs.create', 'odcs.get']),
];
