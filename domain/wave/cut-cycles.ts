type Node = { readonly key: string; readonly parents: ReadonlyArray<string> };

const childrenOf = (nodes: ReadonlyArray<Node>): ReadonlyMap<string, ReadonlyArray<string>> => {
  const children = new Map<string, Array<string>>();
  for (const { key, parents } of nodes) {
    for (const parent of parents) {
      const others = children.get(parent);
      if (others === undefined) children.set(parent, [key]);
      else others.push(key);
    }
  }
  return children;
};

/** Everything below a node, itself only when it lies on a cycle. */
const below = (
  children: ReadonlyMap<string, ReadonlyArray<string>>,
  key: string,
): ReadonlySet<string> => {
  const found = new Set<string>(children.get(key));
  for (const child of found) for (const next of children.get(child) ?? []) found.add(next);
  return found;
};

/**
 * The parents each node waits for once every cycle is cut. Within a cycle a node waits only for
 * those that come before it in the given order; a node never waits for itself; every other edge
 * stays, so parents come before children wherever that is possible at all.
 */
export const cutCycles = (
  nodes: ReadonlyArray<Node>,
): ReadonlyMap<string, ReadonlyArray<string>> => {
  const order = new Map(nodes.map((node, place) => [node.key, place]));
  const children = childrenOf(nodes);
  const kept = ({ key, parents }: Node, place: number): ReadonlyArray<string> => {
    const known = parents.filter((parent) => order.has(parent) && parent !== key);
    const isLater = (parent: string): boolean => (order.get(parent) ?? 0) > place;
    if (!known.some(isLater)) return known;
    const descendants = below(children, key);
    return known.filter((parent) => !isLater(parent) || !descendants.has(parent));
  };
  return new Map(nodes.map((node, place) => [node.key, kept(node, place)]));
};
