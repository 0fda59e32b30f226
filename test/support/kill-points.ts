/** Where a process is killed: around the append of an event type, or around a call outside. */
export type Point = { readonly at: string; readonly when: 'before' | 'after' };

const appends = [
  ...['MessageObserved', 'PushHeard', 'NumberAssigned', 'TriggerNoticed', 'PushUsed'],
  ...['LookupAnswered', 'DecisionsCompleted', 'CauseTaken', 'WaveLaunched', 'WaitFulfilled'],
  ...['BuildStarted', 'CommitPrepared', 'SubmissionIntended', 'BuildSubmitted'],
  ...['BuildStateObserved', 'ModuleContentsRecorded', 'BuildSucceeded', 'TriggerConcluded'],
];
const calls = ['git.head', 'git.bump', 'mbs.submit', 'mbs.contents'];

export const killPoints: ReadonlyArray<Point> = [...appends, ...calls].flatMap((at) => [
  { at, when: 'before' },
  { at, when: 'after' },
]);
