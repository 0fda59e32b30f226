import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { Count } from '../../../domain/codec.ts';
import { maybe, Name, readAs, reasonOf } from '../fields.ts';
import type { Topic } from '../topic.ts';

const ComposeStateChange = t.type(
  {
    compose: t.type(
      { id: Count, state: Count, state_name: maybe(Name), state_reason: maybe(t.string) },
      'compose',
    ),
  },
  'compose state change',
);

const stateNames = ['wait', 'generating', 'done', 'removed', 'failed'];

/** A compose moved on; Fedora and the UMB use different topics. Source: reference, odcs. */
export const odcsCompose: Topic = {
  patterns: ['odcs.compose.state-changed', 'odcs.state.change'],
  translate: readAs(ComposeStateChange, ({ compose }) => {
    const { id: composeId, state, state_name, state_reason } = compose;
    return E.right({
      ...{ kind: 'ODCSComposeStateChangeEvent', id: `odcs-compose:${composeId}@${state}` },
      ...{ searchKey: String(composeId), composeId, state },
      stateName: state_name ?? stateNames[state] ?? `state ${state}`,
      stateReason: reasonOf(state_reason),
    });
  }),
};
