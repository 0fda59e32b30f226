import * as E from 'fp-ts/lib/Either.js';
import { artifact } from '../../domain/artifact/artifact.ts';
import { branch } from '../../domain/branch/branch.ts';
import type { MessageEvent } from '../../domain/message/events.ts';
import {
  artifactStream,
  branchStream,
  moduleArtifact,
  realmOf,
} from '../../domain/stream-names.ts';
import type { ModuleStateReading, PushReading, Reading } from '../../domain/trigger/reading.ts';
import type { FoldCache, Hand } from '../../event-log/carry-out.ts';
import { carryOut, loadStream } from '../../event-log/carry-out.ts';
import type { RecordedEvent } from '../../event-log/event-log.ts';
import type { Hindrance } from '../act.ts';
import { secondsFrom } from '../act.ts';
import type { CurrentPolicy, PolicyInForce } from '../current-policy.ts';
import type { NoticeTrigger } from './notice-trigger.ts';

export type NoticeDeps = {
  readonly hand: Hand;
  readonly cache: FoldCache;
  readonly policy: CurrentPolicy;
  readonly noticeTrigger: NoticeTrigger;
};

/** What was understood, with the observation of the same append before it. */
export type Understood = {
  readonly recorded: RecordedEvent;
  readonly observed: Extract<MessageEvent, { readonly type: 'MessageObserved' }>;
  readonly observedAt: string;
};

type Done = E.Either<Hindrance, void>;

const namespaceOf = (reading: PushReading): string => {
  if (reading.kind === 'GitDockerfileChangeEvent') return reading.namespace;
  return reading.kind === 'GitRPMSpecChangeEvent' ? 'rpms' : 'modules';
};

/** A push is heard in its branch's stream first: two publishers may speak of one push. */
const hearPush = async (
  deps: NoticeDeps,
  { recorded, observed, observedAt }: Understood,
  reading: PushReading,
): Promise<Done> => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { authoritative, coverWindow } = inForce.right.policy.pushes;
  const isAuthoritative = reading.publisher === authoritative;
  const realm = realmOf(recorded.stream);
  const stream = branchStream(realm, namespaceOf(reading), reading.repo, reading.branch);
  const { messageId } = observed;
  const context = { correlationId: messageId, causationId: recorded.id };
  const heard = await carryOut(deps.hand, deps.cache)(stream, branch, context, {
    ...{ type: 'Hear', messageId, messageStream: recorded.stream },
    ...{ sentAt: observed.sentAt ?? observedAt, authoritative: isAuthoritative, reading },
    notBefore: isAuthoritative ? null : secondsFrom(deps.hand.now(), coverWindow),
  });
  return E.map(() => undefined)(heard);
};

const observe = async (
  deps: NoticeDeps,
  stream: string,
  context: { readonly correlationId: string; readonly causationId: string },
  reading: ModuleStateReading,
  { policy }: PolicyInForce,
): Promise<Done> => {
  const at = deps.hand.now();
  const { build: retries, backOff } = policy.retries;
  const { buildId, state, stateName, stateReason } = reading;
  const observed = await carryOut(deps.hand, deps.cache)(stream, artifact, context, {
    ...{ type: 'ObserveState', externalId: buildId, state, stateName, stateReason },
    ...{ via: 'message', retries, retryAt: secondsFrom(at, backOff), at },
  });
  return E.map(() => undefined)(observed);
};

const ready = 5;

/** Also tells of a row that is ready although its build was given up. */
const observeOwn = async (
  deps: NoticeDeps,
  stream: string,
  context: { readonly correlationId: string; readonly causationId: string },
  reading: ModuleStateReading,
): Promise<Done> => {
  const { commit, buildId: externalId } = reading;
  if (reading.state === ready && commit !== null) {
    const late = await carryOut(deps.hand, deps.cache)(stream, artifact, context, {
      ...{ type: 'NoteLateReady', externalId, commit },
    });
    if (E.isLeft(late)) return late;
  }
  const inForce = await deps.policy();
  return E.isLeft(inForce) ? inForce : observe(deps, stream, context, reading, inForce.right);
};

/** A state of a build of ours is an observation; `ready` of any other build is a trigger. */
const noticeModuleState = async (
  deps: NoticeDeps,
  { recorded, observed, observedAt }: Understood,
  reading: ModuleStateReading,
): Promise<Done> => {
  const { name, stream: moduleStream, buildId, commit } = reading;
  const context = { correlationId: observed.messageId, causationId: recorded.id };
  const stream = artifactStream('real', moduleArtifact(name, moduleStream));
  const loaded = await loadStream(deps.hand.log, deps.cache)(stream, artifact);
  if (E.isLeft(loaded)) return loaded;
  const { ownIds, ownCommits } = loaded.right.state;
  const realm = realmOf(recorded.stream);
  if (ownIds.includes(buildId) || (commit !== null && commit in ownCommits)) {
    return realm === 'rehearsal' ? E.right(undefined) : observeOwn(deps, stream, context, reading);
  }
  if (reading.state !== ready) return E.right(undefined);
  const noticed = await deps.noticeTrigger(realm, context, {
    ...{ messageId: observed.messageId, messageStream: recorded.stream },
    ...{ sentAt: observed.sentAt ?? observedAt, reading },
  });
  return E.map(() => undefined)(noticed);
};

/** Takes one understood message to where it belongs. Doing it twice changes nothing. */
export const noticeMessage = (
  deps: NoticeDeps,
  understood: Understood,
  reading: Reading,
): Promise<Done> => {
  switch (reading.kind) {
    case 'MBSModuleStateChangeEvent':
      return noticeModuleState(deps, understood, reading);
    case 'GitRPMSpecChangeEvent':
    case 'GitModuleMetadataChangeEvent':
    case 'GitDockerfileChangeEvent':
      return hearPush(deps, understood, reading);
    default:
      return Promise.resolve(E.right(undefined));
  }
};
