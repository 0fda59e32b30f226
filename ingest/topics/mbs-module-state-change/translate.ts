import * as E from 'fp-ts/lib/Either.js';
import type { ModuleStateReading } from '../../../domain/trigger/reading.ts';
import type { SetAside } from '../../set-aside.ts';
import { setAside } from '../../set-aside.ts';
import { readAs, reasonOf } from '../fields.ts';
import type { Topic } from '../topic.ts';
import { commitOf } from './commit.ts';
import type { MbsBuild } from './wire.ts';
import { MbsModuleStateChange } from './wire.ts';

const stateNames = ['init', 'wait', 'build', 'done', 'failed', 'ready', 'garbage'];

const read = (build: MbsBuild): E.Either<SetAside, ModuleStateReading> => {
  const { id, name, stream, version, context, state, state_name, state_reason, scratch } = build;
  if (scratch === true) {
    return E.left(setAside('scratch-build', `module build ${id} is a scratch build: a trial`));
  }
  return E.right({
    kind: 'MBSModuleStateChangeEvent',
    id: `mbs:${id}`,
    searchKey: String(id),
    buildId: id,
    name,
    stream,
    version,
    context,
    state,
    stateName: state_name ?? stateNames[state] ?? `state ${state}`,
    stateReason: reasonOf(state_reason),
    commit: commitOf(build),
  });
};

/** A module build changed its state, whatever the state. Source: reference, mbs. */
export const mbsModuleStateChange: Topic = {
  patterns: ['mbs.module.state.change'],
  translate: readAs(MbsModuleStateChange, read),
};
