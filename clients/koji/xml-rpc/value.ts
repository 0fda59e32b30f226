/** What XML-RPC with Koji's extensions (`nil`, `i8`) can say. A `bigint` is past 2^53; times are UTC. */
export type XmlRpcValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | ReadonlyArray<XmlRpcValue>
  | XmlRpcStruct;

export type XmlRpcStruct = { readonly [name: string]: XmlRpcValue };

/** Koji's mark that a last parameter holds keyword arguments. */
export const keywords = (named: XmlRpcStruct): XmlRpcStruct => ({ ...named, __starstar: true });
