import * as E from 'fp-ts/lib/Either.js';
import type { Json } from '../../domain/json.ts';
import type { Noticed, TriggerState } from '../../domain/trigger/trigger.ts';
import type { Hindrance } from '../act.ts';
import type { IndexedModule, ModuleIndex } from '../open-work.ts';
import type { WaveDeps } from './deps.ts';
import { recordAnswers } from './record-answers.ts';
import { upTo } from './up-to.ts';

const json = ({ name, stream, version, buildId, commit }: IndexedModule): Json => ({
  ...{ name, stream, version, buildId, commit },
});

/** Module streams that hold the RPM from the branch that changed. */
const holders = async (index: ModuleIndex, needed: string, rpm: string, ref: string) => {
  const answer = upTo(needed, await index.holding(rpm, ref)());
  if (E.isLeft(answer)) return answer;
  return E.right({ modules: answer.right.modules, asOf: answer.right.asOf });
};

/** Every pair (module, one that build-requires it) below the given module streams. */
const edgesBelow = async (
  index: ModuleIndex,
  needed: string,
  roots: ReadonlyArray<string>,
): Promise<E.Either<Hindrance, { readonly edges: Array<[string, string]>; asOf: string }>> => {
  const seen = new Set(roots);
  const edges: Array<[string, string]> = [];
  let asOf = '';
  for (const on of seen) {
    const answer = upTo(needed, await index.dependents(on)());
    if (E.isLeft(answer)) return answer;
    asOf = asOf === '' || answer.right.asOf < asOf ? answer.right.asOf : asOf;
    for (const { name, stream } of answer.right.modules) {
      edges.push([on, `${name}:${stream}`]);
      seen.add(`${name}:${stream}`);
    }
  }
  return E.right({ edges, asOf });
};

const rootsOf = async (
  { index }: WaveDeps,
  { reading }: Noticed,
  needed: string,
): Promise<
  E.Either<Hindrance, { modules: ReadonlyArray<Json>; asOf: string; keys: ReadonlyArray<string> }>
> => {
  switch (reading.kind) {
    case 'GitRPMSpecChangeEvent': {
      const found = await holders(index, needed, reading.repo, reading.branch);
      if (E.isLeft(found)) return found;
      const { modules, asOf } = found.right;
      return E.right({
        ...{ modules: modules.map(json), asOf },
        keys: modules.map(({ name, stream }) => `${name}:${stream}`),
      });
    }
    case 'GitModuleMetadataChangeEvent':
      return E.right({ modules: [], asOf: needed, keys: [`${reading.repo}:${reading.branch}`] });
    case 'MBSModuleStateChangeEvent':
      return E.right({ modules: [], asOf: needed, keys: [`${reading.name}:${reading.stream}`] });
    case 'GitDockerfileChangeEvent':
    case 'BodhiUpdateCompleteStableEvent':
    case 'BrewSignRPMEvent':
      return E.right({ modules: [], asOf: needed, keys: [] });
  }
};

/** Asks the index what the trigger touches and what depends on that, and records both answers. */
export const lookUp = async (
  deps: WaveDeps,
  stream: string,
  noticed: Noticed,
  needed: string,
): Promise<E.Either<Hindrance, TriggerState>> => {
  const roots = await rootsOf(deps, noticed, needed);
  if (E.isLeft(roots)) return roots;
  const below = await edgesBelow(deps.index, needed, roots.right.keys);
  if (E.isLeft(below)) return below;
  const { edges: entries, asOf } = below.right;
  return recordAnswers(deps, stream, noticed, {
    whole: [{ question: 'holders', answer: roots.right.modules, asOf: roots.right.asOf }],
    lists: [{ question: 'dependents', entries, asOf }],
  });
};
