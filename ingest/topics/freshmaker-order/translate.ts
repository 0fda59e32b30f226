import * as t from 'io-ts';
import { Count, JsonRecord } from '../../../domain/codec.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

const Cancel = t.type(
  {
    action: t.literal('eventcancel'),
    event_id: Count,
    builds_id: t.readonlyArray(Count, 'builds_id'),
  },
  'freshmaker.manage.eventcancel',
);

/** An order of a person for a manual rebuild: the request as it was posted. */
export const manualOrder: Topic = {
  patterns: ['freshmaker.manual.rebuild', 'freshmaker.async.manual.build'],
  translate: noFlowYet(JsonRecord, 'ManualRebuildWithAdvisoryEvent'),
};

/** An order to cancel an event; the action in the body has to be the one in the topic. */
export const cancelOrder: Topic = {
  patterns: ['freshmaker.manage.eventcancel'],
  translate: noFlowYet(Cancel, 'FreshmakerManageEvent'),
};
