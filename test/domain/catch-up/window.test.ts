import test from 'ava';
import fc from 'fast-check';
import { partEnd, shareDone, spanFor } from '../../../domain/catch-up/window.ts';

const rules = { overlap: 600, longest: 100_000, settle: 5 };
const logBegan = 1_000_000;

test('the first window begins where the log does, less the overlap', (t) => {
  const span = spanFor({ now: 1_050_000, logBegan, coveredTo: null }, rules);
  t.deepEqual(span, { from: 999_400, to: 1_049_995, leftOutFrom: null });
});

test('every later window begins where the last complete one ended, less the overlap', (t) => {
  const span = spanFor({ now: 1_050_000, logBegan, coveredTo: 1_040_000 }, rules);
  t.deepEqual(span, { from: 1_039_400, to: 1_049_995, leftOutFrom: null });
});

test('a gap that is longer than is fetched by itself says where it begins', (t) => {
  const span = spanFor({ now: 2_000_000, logBegan, coveredTo: 1_040_000 }, rules);
  t.deepEqual(span, { from: 1_900_000, to: 1_999_995, leftOutFrom: 1_040_000 });
});

test('a gap is not called too long when only its overlap is', (t) => {
  const span = spanFor({ now: 1_140_000, logBegan, coveredTo: 1_040_000 }, rules);
  t.deepEqual(span, { from: 1_040_000, to: 1_139_995, leftOutFrom: null });
});

test('there is nothing to fetch where all that is stored was fetched', (t) => {
  t.is(spanFor({ now: 1_050_000, logBegan, coveredTo: 1_049_995 }, rules), undefined);
  t.is(spanFor({ now: 1_050_000, logBegan, coveredTo: 1_050_500 }, rules), undefined);
});

test('what a clock wrote that was far ahead does not count', (t) => {
  const span = spanFor({ now: 1_050_000, logBegan, coveredTo: 1_050_601 }, rules);
  t.deepEqual(span, { from: 999_400, to: 1_049_995, leftOutFrom: null });
});

test('windows leave no instant out, however the calls fall', (t) => {
  const steps = fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 30 });
  const covers = (waits: ReadonlyArray<number>): boolean => {
    let now = logBegan;
    let coveredTo: number | null = null;
    for (const wait of waits) {
      now += wait;
      const span = spanFor({ now, logBegan, coveredTo }, rules);
      if (span === undefined) continue;
      if (span.from > (coveredTo ?? logBegan) || span.leftOutFrom !== null) return false;
      coveredTo = span.to;
    }
    return (coveredTo ?? logBegan) >= now - rules.settle - rules.overlap;
  };
  t.notThrows(() => fc.assert(fc.property(steps, covers)));
});

test('a window is read a day at a time', (t) => {
  t.is(partEnd(0, 1e9), 86_400_000);
  t.is(partEnd(0, 5), 5);
});

test('how much is done is told by time, and within a part by its pages', (t) => {
  const span = { from: 0, to: 400 };
  t.is(shareDone(span, { from: 0, to: 100, page: 0, pages: 4 }), 0);
  t.is(shareDone(span, { from: 100, to: 200, page: 1, pages: 4 }), 0.3125);
  t.is(shareDone(span, { from: 300, to: 400, page: 0, pages: 0 }), 1);
  t.is(shareDone({ from: 5, to: 5 }, { from: 5, to: 5, page: 0, pages: 1 }), 1);
});
