import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../../domain/artifact/artifact.ts';
import { parentAnswer } from '../../../domain/artifact/parent-answer.ts';
import type { ArtifactState, CauseState } from '../../../domain/artifact/state.ts';
import { todo } from '../../../domain/artifact/todo.ts';
import { branch } from '../../../domain/branch/branch.ts';
import { artifactStream, categoryOf } from '../../../domain/stream-names.ts';
import { standingOf } from '../../../domain/trigger/outcome.ts';
import type { TriggerState } from '../../../domain/trigger/trigger.ts';
import { trigger } from '../../../domain/trigger/trigger.ts';
import { loadStream } from '../../../event-log/carry-out.ts';
import type { EventLog } from '../../../event-log/event-log.ts';
import { start } from '../../../event-log/event-log.ts';
import { must } from '../service.ts';

type Folded = {
  readonly branches: ReadonlyArray<typeof branch.initial>;
  readonly triggers: ReadonlyArray<TriggerState>;
  readonly artifacts: ReadonlyMap<string, ArtifactState>;
};

const fold = async (log: EventLog): Promise<Folded> => {
  const categories = ['branch', 'trigger', 'artifact'];
  const { events } = must(await log.readAll(start, { categories }, 100_000)());
  const streams = [...new Set(events.map(({ stream }) => stream))];
  const of = (category: string) => streams.filter((stream) => categoryOf(stream) === category);
  const load = loadStream(log);
  const branches = of('branch').map(async (one) => must(await load(one, branch)).state);
  const triggers = of('trigger').map(async (one) => must(await load(one, trigger)).state);
  const artifacts = of('artifact').map(
    async (one) => [one, must(await load(one, artifact)).state] as const,
  );
  return {
    branches: await Promise.all(branches),
    triggers: await Promise.all(triggers),
    artifacts: new Map(await Promise.all(artifacts)),
  };
};

const of = (folded: Folded, id: string): ArtifactState =>
  folded.artifacts.get(artifactStream('real', id)) ?? artifact.initial;

const hasHeard = (folded: Folded, claim: CauseState): boolean =>
  claim.waitsFor.every((parent) => {
    const { trigger: id, number } = claim.cause;
    const answer = parentAnswer(of(folded, parent), { id, number });
    if (answer === undefined) return true;
    return answer.type === 'blocked' && claim.blockedBy[parent] === answer.code;
  });

const wouldStart = (state: ArtifactState): boolean => {
  const at = new Date().toISOString();
  const command = { type: 'Start', at, policyVersion: '', afterTrigger: 0, denied: [] } as const;
  const decided = artifact.decide({ ...command, overdueSince: '' }, state);
  return E.isLeft(decided) || decided.right.length > 0;
};

const isIdle = (folded: Folded, state: ArtifactState): boolean =>
  todo(state).every((next) => {
    switch (next.type) {
      case 'follow':
        return true;
      case 'ask-parents':
        return next.claims.every((claim) => hasHeard(folded, claim));
      case 'start':
        return !wouldStart(state);
      case 'revive':
      case 'prepare-commit':
      case 'prepare-image':
      case 'intend':
      case 'settle':
      case 'conclude':
        return false;
    }
  });

const hasOpen = (folded: Folded, { decisions, noticed }: TriggerState): boolean =>
  decisions
    .filter(({ verdict }) => verdict === 'yes')
    .some(({ artifact: id }) => standingOf(of(folded, id), noticed?.trigger ?? '') === 'open');

const isCarried = (folded: Folded, state: TriggerState): boolean => {
  if (state.concluded === null) return state.launched && hasOpen(folded, state);
  return state.concluded.blocked === 0 || !hasOpen(folded, state);
};

/** Whether nothing is left to do until a message comes: all that is open waits for the outside. */
export const isAtRest = async (log: EventLog): Promise<boolean> => {
  const folded = await fold(log);
  return (
    folded.branches.every(({ pushes }) => pushes.every(({ settled }) => settled)) &&
    folded.triggers.every((state) => isCarried(folded, state)) &&
    [...folded.artifacts.values()].every((state) => isIdle(folded, state))
  );
};
