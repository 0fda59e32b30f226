import test from 'ava';
import fc from 'fast-check';
import { cutCycles } from '../../../domain/wave/cut-cycles.ts';

type Node = Parameters<typeof cutCycles>[0][number];
const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const aGraph: fc.Arbitrary<ReadonlyArray<Node>> = fc
  .tuple(...keys.map((key) => fc.tuple(fc.constant(key), fc.subarray([...keys, 'unknown']))))
  .chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }))
  .map((nodes) => nodes.map(([key, parents]) => ({ key, parents })));

const reaches = (parents: ReadonlyMap<string, ReadonlyArray<string>>, from: string) => {
  const found = new Set<string>(parents.get(from));
  for (const parent of found) for (const next of parents.get(parent) ?? []) found.add(next);
  return found;
};
const asMap = (nodes: ReadonlyArray<Node>) =>
  new Map(nodes.map(({ key, parents }) => [key, parents]));

test('whatever the graph, nothing waits for itself in the end', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(aGraph, (nodes) => {
        const kept = cutCycles(nodes);
        return nodes.every(({ key }) => !reaches(kept, key).has(key));
      }),
    ),
  );
});

test('whatever the graph, an edge that lies on no cycle stays', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(aGraph, (nodes) => {
        const [whole, kept] = [asMap(nodes), cutCycles(nodes)];
        return nodes.every(({ key, parents }) =>
          parents
            .filter((parent) => keys.includes(parent) && !reaches(whole, parent).has(key))
            .every((parent) => kept.get(key)?.includes(parent)),
        );
      }),
    ),
  );
});

test('whatever the graph, only its own edges are waited for, the unknown left out', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(aGraph, (nodes) => {
        const kept = cutCycles(nodes);
        return nodes.every(({ key, parents }) => {
          const waited = kept.get(key) ?? ['none'];
          return waited.every((parent) => parents.includes(parent) && parent !== 'unknown');
        });
      }),
    ),
  );
});

test('within a cycle what comes first in the order waits for nothing of it', (t) => {
  const cycle = [
    { key: 'a', parents: ['c'] },
    { key: 'b', parents: ['a'] },
    { key: 'c', parents: ['b'] },
  ];
  t.deepEqual(Object.fromEntries(cutCycles(cycle)), { a: [], b: ['a'], c: ['b'] });
  t.deepEqual(Object.fromEntries(cutCycles([...cycle].reverse())), { c: [], b: [], a: ['c'] });
});

test('two cycles that hang together stay so', (t) => {
  const kept = cutCycles([
    { key: 'c', parents: ['d', 'b'] },
    { key: 'd', parents: ['c'] },
    { key: 'a', parents: ['b'] },
    { key: 'b', parents: ['a'] },
  ]);
  t.deepEqual(Object.fromEntries(kept), { c: ['b'], d: ['c'], a: [], b: ['a'] });
});
