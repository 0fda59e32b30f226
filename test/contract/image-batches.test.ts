import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import test from 'ava';
import type { Decision } from '../../domain/trigger/decision.ts';
import { planWave } from '../../domain/wave/plan.ts';

type Vector = {
  /** Each from an image to its furthest parent. */
  readonly chains: ReadonlyArray<ReadonlyArray<string>>;
  readonly batches: ReadonlyArray<ReadonlyArray<string>>;
};

const folder = process.env['FRESHMAKER_CONTRACT'] ?? '../shared/contract';
const file = resolve(folder, 'pure-vectors.json');

const idOf = (nvr: string): string => `image:${nvr}:f28`;

const planOf = ({ chains }: Vector): ReadonlyArray<Decision> =>
  planWave({
    direct: [...new Set(chains.flat())].map((name) => ({
      ...{ artifact: idOf(name), kind: 'image', name, branch: 'f28' },
      ...{ code: 'holds-older-version', evidence: {} },
    })),
    edges: chains.flatMap((chain) =>
      chain.slice(1).map((parent, place) => ({
        on: idOf(parent),
        dependent: idOf(chain[place] ?? ''),
      })),
    ),
    ...{ trigger: 'BodhiUpdateCompleteStableEvent', policyVersion: 'p' },
    judge: () => ({ verdict: 'yes', code: 'allowed', rule: 'all' }),
  });

/** What may be built side by side: everything whose parents are all in earlier batches. */
const batchesOf = (plan: ReadonlyArray<Decision>): ReadonlyArray<ReadonlyArray<string>> => {
  const places = new Map<string, number>();
  const batches: Array<Array<string>> = [];
  for (const { artifact, name, waitsFor } of plan) {
    const place = Math.max(-1, ...waitsFor.map((id) => places.get(id) ?? Infinity)) + 1;
    places.set(artifact, place);
    batches[place] = [...(batches[place] ?? []), name];
  }
  return batches.map((batch) => [...batch].sort());
};

if (existsSync(file)) {
  const { batches: vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly batches: ReadonlyArray<Vector>;
  };
  for (const [place, vector] of vectors.entries()) {
    const { chains, batches } = vector;
    const said = chains.map((chain) => chain.join(' on ')).join(', ');
    test(`images of recording ${place + 1} (${said || 'none'}) come in the original's batches`, (t) => {
      t.deepEqual(
        batchesOf(planOf(vector)),
        batches.map((batch) => [...batch].sort()),
      );
    });
  }
} else {
  test.skip(`the original's batches are not compared: there is no ${file}`, () => undefined);
}
