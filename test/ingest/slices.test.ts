import test from 'ava';
import fc from 'fast-check';
import { fitsOneSlice, sliceLimit, slicesOf } from '../../ingest/slices.ts';

const inJson = (text: string): number => Buffer.byteLength(JSON.stringify(text));

const long = fc
  .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }), fc.nat(5))
  .map(([unit, more]) => unit.repeat(Math.ceil(sliceLimit / unit.length)) + 'é'.repeat(more));

test('slices fit their limit as they are stored, and together are the text', (t) => {
  const holds = (text: string): boolean => {
    const slices = slicesOf(text);
    return slices.join('') === text && slices.every((slice) => inJson(slice) <= sliceLimit);
  };
  t.notThrows(() => fc.assert(fc.property(long, holds), { numRuns: 40 }));
  for (const costly of ['\u0001', '"', '\\', '\n', 'é', '€', '😀']) {
    t.true(holds(costly.repeat(sliceLimit)), costly);
  }
});

test('a text that fits is one slice, one byte more makes two', (t) => {
  const fitting = 'x'.repeat(sliceLimit - 2);
  t.true(fitsOneSlice(fitting));
  t.is(slicesOf(fitting).length, 1);
  t.false(fitsOneSlice(`${fitting}x`));
  t.is(slicesOf(`${fitting}x`).length, 2);
  t.false(fitsOneSlice('"'.repeat(sliceLimit - 2)));
});
