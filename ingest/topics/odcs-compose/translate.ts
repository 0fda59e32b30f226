import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import { maybe, Name } from '../fields.ts';
import { noFlowYet } from '../no-flow-yet.ts';
import type { Topic } from '../topic.ts';

const ComposeStateChange = t.type(
  {
    compose: t.type({ id: Count, state: Count, state_name: maybe(Name) }, 'compose'),
  },
  'compose state change',
);

/** A compose moved on; Fedora and the UMB use different topics. Source: reference, odcs. */
export const odcsCompose: Topic = {
  patterns: ['odcs.compose.state-changed', 'odcs.state.change'],
  translate: noFlowYet(ComposeStateChange, 'ODCSComposeStateChangeEvent'),
};
