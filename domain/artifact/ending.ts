import { withCause } from './change.ts';
import type { ArtifactState, CauseState, Finished, Running } from './state.ts';

type Ended = Pick<Finished, 'triggers' | 'afterTrigger' | 'nvr'>;

const neverRan: Ended = { triggers: [], afterTrigger: 0, nvr: null };

const endedOf = ({ triggers, afterTrigger, attempt }: Running): Ended => ({
  ...{ triggers, afterTrigger },
  nvr: attempt.nvr ?? attempt.order?.rebuiltNvr ?? null,
});

const settled = (
  state: ArtifactState,
  triggers: ReadonlyArray<string>,
  from: CauseState['status'],
  to: CauseState['status'],
): ArtifactState =>
  triggers.reduce(
    (so, trigger) => withCause(so, trigger, (c) => (c.status === from ? { ...c, status: to } : c)),
    state,
  );

/** The running build ends, or the planned one is given up before it ran. */
export const finish = (
  state: ArtifactState,
  build: number,
  outcome: Finished['outcome'],
  status: CauseState['status'],
): ArtifactState => {
  const { running, planned } = state;
  const ran = running?.build === build ? running : null;
  const ended = ran === null ? neverRan : endedOf(ran);
  return {
    ...settled(state, ended.triggers, 'open', status),
    running: ran === null ? running : null,
    planned: planned?.build === build ? null : planned,
    finished: [...state.finished, { build, outcome, ...ended }],
  };
};

/** A build that had failed counts as a success after all; of an image, as this NVR. */
export const revived = (state: ArtifactState, build: number, nvr?: string): ArtifactState => {
  const triggers = state.finished.find((ended) => ended.build === build)?.triggers ?? [];
  return {
    ...settled(state, triggers, 'failed', 'fulfilled'),
    late: null,
    finished: state.finished.map((ended) =>
      ended.build === build ? { ...ended, outcome: 'succeeded', nvr: nvr ?? ended.nvr } : ended,
    ),
  };
};
