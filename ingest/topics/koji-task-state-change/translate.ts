import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import { maybe, Name } from '../fields.ts';
import { otherAttribute, secondaryInstance } from '../koji-checks.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

/** States of tasks are names. In Fedora only scratch tasks are published. */
const KojiTask = t.type(
  { attribute: Name, instance: maybe(Name), id: Count, method: Name, new: Name },
  'buildsys.task.state.change',
);

const BrewTask = t.type(
  {
    attribute: Name,
    instance: maybe(Name),
    new: Name,
    info: t.type({ id: Count, method: Name, parent: maybe(Count) }, 'info'),
  },
  'brew.task',
);

/** A Koji task moved on. Source: reference, buildsys.task.state.change. */
export const kojiTaskStateChange: Topic = {
  patterns: ['buildsys.task.state.change'],
  translate: noFlowYet(
    KojiTask,
    'KojiTaskStateChangeEvent',
    (body) => secondaryInstance(body) ?? otherAttribute(body),
  ),
};

/** The same on the UMB: every task, also children. */
export const brewTask: Topic = {
  patterns: ['free', 'open', 'closed', 'canceled', 'assigned', 'failed'].map(
    (state) => `brew.task.${state}`,
  ),
  translate: noFlowYet(
    BrewTask,
    'BrewContainerTaskStateChangeEvent',
    (body) => secondaryInstance(body) ?? otherAttribute(body),
  ),
};
