import type { ArtifactKind } from '../stream-names.ts';
import { artifactParts } from '../stream-names.ts';
import type { Direct, Edge, WaveFacts } from './facts.ts';

/** One artifact that is to be decided on, with the parents of its that are candidates too. */
export type Candidate = {
  readonly artifact: string;
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly branch: string;
  /** 0 for what is affected itself, then along the edges. */
  readonly depth: number;
  readonly direct: Direct | undefined;
  readonly parents: ReadonlyArray<string>;
};

/** It is touched itself, whatever becomes of its parents. */
export const isAffected = (direct: Direct | undefined): boolean =>
  direct !== undefined && direct.declined === undefined;

const grouped = (
  edges: ReadonlyArray<Edge>,
  by: (edge: Edge) => string,
  value: (edge: Edge) => string,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const groups = new Map<string, Set<string>>();
  for (const edge of edges) {
    const group = groups.get(by(edge)) ?? new Set();
    groups.set(by(edge), group.add(value(edge)));
  }
  return groups;
};

/** Depth of every candidate, each once, in the order they are found. */
const depthsOf = (
  direct: ReadonlyArray<Direct>,
  edges: ReadonlyArray<Edge>,
): ReadonlyMap<string, number> => {
  const dependents = grouped(
    edges,
    ({ on }) => on,
    ({ dependent }) => dependent,
  );
  const affected = direct.filter(isAffected);
  const found = new Map(affected.map(({ artifact }) => [artifact, 0]));
  for (const [artifact, depth] of found) {
    for (const dependent of dependents.get(artifact) ?? []) {
      if (!found.has(dependent)) found.set(dependent, depth + 1);
    }
  }
  for (const { artifact } of direct) if (!found.has(artifact)) found.set(artifact, 0);
  return found;
};

/** Everything a trigger may lead to, by depth and then by name: all that plans are made of. */
export const candidatesOf = ({
  direct,
  edges,
}: Pick<WaveFacts, 'direct' | 'edges'>): ReadonlyArray<Candidate> => {
  const depths = depthsOf(direct, edges);
  const parents = grouped(
    edges.filter(({ on }) => depths.has(on)),
    ({ dependent }) => dependent,
    ({ on }) => on,
  );
  const touched = new Map([...direct].reverse().map((each) => [each.artifact, each]));
  const inOrder = [...depths].sort(([a, depth], [b, other]) => depth - other || (a < b ? -1 : 1));
  return inOrder.map(([artifact, depth]) => ({
    ...{ artifact, ...artifactParts(artifact), depth, direct: touched.get(artifact) },
    parents: [...(parents.get(artifact) ?? [])].sort(),
  }));
};
