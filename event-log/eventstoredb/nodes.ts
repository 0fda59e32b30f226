/** A connection string of several nodes, or of a name to discover them by, taken apart. */
const parts =
  /^\s*esdb(?<discover>\+discover)?:\/\/(?<login>[^:/@]+:[^@]+@)?(?<hosts>[^?]+?)\/*(?<query>\?.*)?$/s;

export type Node = {
  /** Host and port, as they were given. */
  readonly place: string;
  /** For a client that talks to this node alone. */
  readonly connectionString: string;
};

/** The nodes a connection string names as a cluster; none when it names a single server. */
export const nodesOf = (connectionString: string): ReadonlyArray<Node> => {
  const {
    discover,
    login = '',
    hosts = '',
    query = '',
  } = parts.exec(connectionString)?.groups ?? {};
  const places = hosts.split(/[,/]/).filter((place) => place.trim() !== '');
  if (discover === undefined && places.length < 2) return [];
  return places.map((place) => ({
    place: place.trim(),
    connectionString: `esdb://${login}${place.trim()}${query}`,
  }));
};
