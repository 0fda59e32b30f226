import * as E from 'fp-ts/lib/Either.js';
import { branch } from '../../domain/branch/branch.ts';
import { branchStream, realmOf } from '../../domain/stream-names.ts';
import type { PushReading } from '../../domain/trigger/reading.ts';
import { carryOut } from '../../event-log/carry-out.ts';
import { secondsFrom } from '../act.ts';
import type { Done, NoticeDeps, Understood } from './deps.ts';
import { contextOf, messageOf } from './deps.ts';

const namespaceOf = (reading: PushReading): string => {
  if (reading.kind === 'GitDockerfileChangeEvent') return reading.namespace;
  return reading.kind === 'GitRPMSpecChangeEvent' ? 'rpms' : 'modules';
};

/** A push is heard in its branch's stream first: two publishers may speak of one push. */
export const hearPush = async (
  deps: NoticeDeps,
  understood: Understood,
  reading: PushReading,
): Promise<Done> => {
  const inForce = await deps.policy();
  if (E.isLeft(inForce)) return inForce;
  const { authoritative: publisher, coverWindow } = inForce.right.policy.pushes;
  const authoritative = reading.publisher === publisher;
  const realm = realmOf(understood.recorded.stream);
  const stream = branchStream(realm, namespaceOf(reading), reading.repo, reading.branch);
  const heard = await carryOut(deps.hand, deps.cache)(stream, branch, contextOf(understood), {
    ...{ type: 'Hear', ...messageOf(understood), authoritative, reading },
    notBefore: authoritative ? null : secondsFrom(deps.hand.now(), coverWindow),
  });
  return E.map(() => undefined)(heard);
};
