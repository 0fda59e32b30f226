import test from 'ava';
import * as E from 'fp-ts/lib/Either.js';
import { attempt } from '../../projectors/mongodb/failures.ts';

const ended = new Error('This socket has been ended by the other party');
const lost: ReadonlyArray<readonly [string, Error]> = [
  ['EPIPE', ended],
  ['ECONNRESET', new Error('read ECONNRESET')],
  ['ERR_STREAM_DESTROYED', new Error('Cannot call write after a stream was destroyed')],
];
for (const [code, error] of lost) {
  test(`a connection that ends with ${code} is a passing failure of the store`, async (t) => {
    const work = () => Promise.reject(Object.assign(error, { code }));
    const answer = await attempt('MongoDB at here', work)();
    t.like(answer, { left: { code: 'store-unavailable' } });
    const reason = E.isLeft(answer) ? answer.left.reason : '';
    t.regex(reason, /^MongoDB at here cannot be talked to: .*\. It is tried again by itself/u);
    t.true(reason.includes(error.message));
  });
}

const bugs: ReadonlyArray<readonly [string, Error]> = [
  ['without a code', new TypeError('x is not a function')],
  ['of wrong use', Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_ARG_TYPE' })],
];
for (const [what, bug] of bugs) {
  test(`an error ${what} is a bug, and no failure of the store`, async (t) => {
    const work = () => Promise.reject(bug);
    t.is(await t.throwsAsync(attempt('MongoDB', work)), bug);
  });
}
