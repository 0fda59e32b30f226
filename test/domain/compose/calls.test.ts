import test from 'ava';
import { compose } from '../../../domain/compose/compose.ts';
import { specify } from '../../support/specify.ts';
import * as a from './a-compose.ts';

const given = specify(compose);

test('a compose that is wanted twice is wanted once', (t) => {
  given(t).when(a.want).then(a.wanted);
  given(t, a.wanted).when(a.want).thenNothing();
  given(t, ...a.untilReady)
    .when({ ...a.want, order: { ...a.order, packages: ['zsh'] } })
    .thenNothing();
});

test('a compose that was released may be wanted again', (t) => {
  given(t, ...a.untilReady, a.released)
    .when(a.want)
    .then(a.wanted);
});

test('a compose that was given up is not wanted again while its trigger is open', (t) => {
  const history = [a.wanted, a.intended(), a.failed(1, null, 'odcs-refused')];
  given(t, ...history, a.givenUp('odcs-refused'))
    .when(a.want)
    .thenNothing();
});

test('of two processes that intend one attempt, the first wins', (t) => {
  given(t, a.wanted).when(a.intend()).then(a.intended());
  given(t, a.wanted, a.intended())
    .when(a.intend({ owner: 'other' }))
    .thenNothing();
});

test('an attempt that is not the current one is not intended', (t) => {
  given(t).when(a.intend()).thenNothing();
  given(t, a.wanted)
    .when(a.intend({ attempt: 2 }))
    .thenNothing();
  given(t, a.wanted, a.intended(), a.submitted())
    .when(a.intend({ attempt: 2 }))
    .thenNothing();
});

test('nothing is intended for a compose that was released', (t) => {
  given(t, a.wanted, a.released).when(a.intend()).thenNothing();
  given(t, ...a.untilReady, a.released)
    .when(a.intend({ attempt: 2, renews: 7 }))
    .thenNothing();
});

test('only the owner of a call records what came of it', (t) => {
  const other = given(t, a.wanted, a.intended());
  other.when(a.submit({ owner: 'other' })).thenRejected({ code: 'not-the-owner' });
  other.when(a.fail({ owner: 'other' })).thenRejected({ code: 'not-the-owner' });
  other.when(a.renew({ attempt: 1, owner: 'other' })).thenRejected({ code: 'not-the-owner' });
  other.when(a.submit()).then(a.submitted());
});

test('an outcome of an attempt that does not run is rejected', (t) => {
  given(t, a.wanted).when(a.submit()).thenRejected({ code: 'not-running' });
  given(t, a.wanted, a.intended())
    .when(a.fail({ attempt: 2 }))
    .thenRejected({ code: 'not-running' });
});

test('an outcome on record is not replaced by a later one', (t) => {
  const history = [a.wanted, a.intended(), a.submitted()];
  given(t, ...history)
    .when(a.submit({ composeId: 8 }))
    .thenNothing();
  given(t, ...history)
    .when(a.fail())
    .thenNothing();
});

test('after the deadline another process owns the call, and the first one does not', (t) => {
  const takeOver = { type: 'TakeOver', attempt: 1, from: 'me', owner: 'other' } as const;
  const taken = { type: 'ComposeTakenOver', attempt: 1, owner: 'other', callTimeout: 9 } as const;
  given(t, a.wanted, a.intended())
    .when({ ...takeOver, callTimeout: 9 })
    .then(taken);
  const now = given(t, a.wanted, a.intended(), taken);
  now.when({ ...takeOver, callTimeout: 9 }).thenNothing();
  now.when(a.submit()).thenRejected({ code: 'not-the-owner' });
  now.when(a.submit({ owner: 'other' })).then(a.submitted());
});

test('a call whose outcome is on record is not taken over', (t) => {
  given(t, a.wanted, a.intended(), a.submitted())
    .when({ type: 'TakeOver', attempt: 1, from: 'me', owner: 'other', callTimeout: 9 })
    .thenNothing();
});

test('a call that failed for now is tried again while policy allows', (t) => {
  const once = a.failed(1, null, 'odcs-unavailable', 'down');
  given(t, a.wanted, a.intended()).when(a.fail()).then(once, a.retry(2));
  given(t, a.wanted, a.intended(), once, a.retry(2), a.intended({ attempt: 2 }))
    .when(a.fail({ attempt: 2 }))
    .then(a.failed(2, null, 'odcs-unavailable', 'down'), a.givenUp('odcs-unavailable', 'down'));
});

test('a compose that ODCS refuses is given up at once', (t) => {
  given(t, a.wanted, a.intended())
    .when(a.fail({ class: 'refused', code: 'odcs-refused', retries: 9 }))
    .then(a.failed(1, null, 'odcs-refused', 'down'), a.givenUp('odcs-refused', 'down'));
});

test('a compose that lives longer under its own id is renewed', (t) => {
  const history = [...a.untilReady, a.intended({ attempt: 2, renews: 7 })];
  given(t, ...a.untilReady)
    .when(a.intend({ attempt: 2, renews: 7 }))
    .then(a.intended({ attempt: 2, renews: 7 }));
  given(t, ...history)
    .when(a.renew())
    .then({
      ...{ type: 'ComposeRenewed', attempt: 2, composeId: 7 },
      ...{ expiresAt: a.clock('23:00'), at: a.clock('10:00') },
    });
});

test('only the compose that is ready is renewed', (t) => {
  given(t, ...a.untilReady)
    .when(a.intend({ attempt: 2, renews: 6 }))
    .thenNothing();
  given(t, a.wanted)
    .when(a.intend({ renews: 7 }))
    .thenNothing();
});

test('a renewal that ODCS refuses leaves the compose as it was, and is not repeated', (t) => {
  const history = [...a.untilReady, a.intended({ attempt: 2, renews: 7 })];
  const refusal = a.failed(2, null, 'odcs-refused', 'no');
  given(t, ...history)
    .when(a.fail({ attempt: 2, class: 'refused', code: 'odcs-refused', reason: 'no' }))
    .then(refusal);
  given(t, ...history, refusal)
    .when(a.intend({ attempt: 3, renews: 7 }))
    .thenNothing();
});

test('a renewal that failed for now is tried again', (t) => {
  const renewal = { attempt: 2, renews: 7 };
  const once = a.failed(2, null, 'odcs-unavailable', 'down');
  given(t, ...a.untilReady, a.intended(renewal))
    .when(a.fail({ attempt: 2 }))
    .then(once, a.retry(3));
  given(t, ...a.untilReady, a.intended(renewal), once, a.retry(3))
    .when(a.intend({ attempt: 3, renews: 7 }))
    .then(a.intended({ attempt: 3, renews: 7 }));
});

test('a renewal of what is gone by then is followed as a new compose', (t) => {
  given(t, ...a.untilReady, a.intended({ attempt: 2, renews: 7 }), a.expired())
    .when(a.renew())
    .then(a.submitted(2, 7, null));
});

test('where a renewal of what is gone by then is refused, a new compose is asked for', (t) => {
  const history = [...a.untilReady, a.intended({ attempt: 2, renews: 7 }), a.expired()];
  const refusal = a.failed(2, null, 'odcs-refused', 'no');
  given(t, ...history)
    .when(a.fail({ attempt: 2, class: 'refused', code: 'odcs-refused', reason: 'no' }))
    .then(refusal, a.retry(3));
  given(t, ...history, refusal, a.retry(3))
    .when(a.intend({ attempt: 3 }))
    .then(a.intended({ attempt: 3 }));
});

test('a compose is released once, and only when it was wanted', (t) => {
  given(t).when(a.release).thenNothing();
  given(t, a.wanted).when(a.release).then(a.released);
  given(t, a.wanted, a.released).when(a.release).thenNothing();
});
