import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

/** A recorded exchange, in the shape that the recording describes of itself. */
export type Frame = { readonly sent?: Fields; readonly got?: Fields; readonly cut?: number };
export type Fields = { readonly [key: string]: unknown };
export type Status = {
  readonly code: number;
  readonly details: string;
  readonly trailers: Readonly<Record<string, string>>;
};
export type RecordedCall = {
  readonly method?: string;
  readonly continues?: string;
  readonly kind?: string;
  readonly frames?: ReadonlyArray<Frame>;
  readonly status?: Status;
};
export type Step = { readonly step: string; readonly calls?: ReadonlyArray<RecordedCall> };
export type Scenario = { readonly name: string; readonly steps: ReadonlyArray<Step> };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What differs from run to run is masked; fields out of use since 20.6 are left out. */
export const masked = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value[0] === 'created' ? ['created', 'a time'] : value.map(masked);
  }
  if (!isFields(value)) return value;
  const entries = Object.entries(value)
    .filter(([key]) => !key.endsWith('2060'))
    .map(([key, inner]) => {
      const isPlace = key === 'commitPosition' || key === 'preparePosition';
      if (isPlace) return [key, 'a place'] as const;
      return key === 'subscriptionId' ? ([key, 'an id'] as const) : ([key, masked(inner)] as const);
    });
  return Object.fromEntries(entries);
};

/** Pairs the places in a recorded frame with those in ours. */
export const pairPlaces = (ours: unknown, theirs: unknown, pairs: Map<string, string>): void => {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    ours.forEach((inner, index) => {
      pairPlaces(inner, theirs[index], pairs);
    });
  }
  if (!isFields(ours) || !isFields(theirs)) return;
  for (const [key, inner] of Object.entries(theirs)) {
    const mine = ours[key];
    const isPlace = key === 'commitPosition' && typeof inner === 'string';
    if (isPlace && typeof mine === 'string') pairs.set(inner, mine);
    else pairPlaces(mine, inner, pairs);
  }
};

/** A recorded place in our log; one that names no record keeps its distance to the nearest below or above. */
const translated = (place: string, pairs: ReadonlyMap<string, string>): string => {
  const known = pairs.get(place);
  if (known !== undefined) return known;
  const asked = BigInt(place);
  const distance = (other: string): bigint => {
    const apart = asked - BigInt(other);
    return apart < 0n ? -apart : apart;
  };
  const [nearest] = [...pairs].sort(([a], [b]) => (distance(a) < distance(b) ? -1 : 1));
  return nearest === undefined
    ? place
    : (BigInt(nearest[1]) + asked - BigInt(nearest[0])).toString();
};

const cutShort = /^.*…\((\d+) characters\)$/s;

/** Bytes in base64; of those that were cut in the recording, as many of a long text. */
const bytes = (text: string): string => {
  const [, length] = cutShort.exec(text) ?? [];
  if (length === undefined) return text;
  const size = (Number(length) / 4) * 3;
  return Buffer.from(`{"x":"${'x'.repeat(size - 8)}"}`).toString('base64');
};

type Message = object;
type MessageClass = (new () => Message) & { readonly [name: string]: unknown };
type Making = { readonly pairs: ReadonlyMap<string, string> };

const inner: Readonly<Record<string, string>> = {
  options: 'Options',
  stream: 'StreamOptions',
  all: 'AllOptions',
  position: 'Position',
  filter: 'FilterOptions',
  subscription: 'SubscriptionOptions',
  uuidOption: 'UUIDOption',
  eventType: 'Expression',
  proposedMessage: 'ProposedMessage',
};

const isExpression = (key: string, parent: MessageClass): boolean =>
  key === 'streamIdentifier' && parent === (streams.ReadReq.Options.FilterOptions as unknown);

const classOf = (key: string, parent: MessageClass): MessageClass => {
  const own = isExpression(key, parent) ? 'Expression' : inner[key];
  const holder = key === 'position' ? (streams.ReadReq.Options as unknown as MessageClass) : parent;
  const named = own === undefined ? undefined : holder[own];
  if (named !== undefined) return named as MessageClass;
  if (key === 'streamIdentifier') return shared.StreamIdentifier as unknown as MessageClass;
  if (key === 'correlationId' || key === 'id') return shared.UUID as unknown as MessageClass;
  return shared.Empty as unknown as MessageClass;
};

type Setters = Record<string, (value: unknown) => unknown>;

const setMap = (map: Map<string, string>, entries: unknown): void => {
  for (const [name, text] of entries as ReadonlyArray<readonly [string, string]>) {
    map.set(name, text);
  }
};

const valueOf = (parent: MessageClass, key: string, value: unknown, making: Making): unknown => {
  if (key === 'proposedMessagesList') {
    const one = parent['ProposedMessage'] as MessageClass;
    return (value as ReadonlyArray<Fields>).map((fields) => made(one, fields, making));
  }
  if (isFields(value)) return made(classOf(key, parent), value, making);
  if (typeof value !== 'string' || key === 'regex') return value;
  const isPlace = key === 'commitPosition' || key === 'preparePosition';
  return isPlace ? translated(value, making.pairs) : bytes(value);
};

/** A protobuf message from what its `toObject` gave: of a group of which one is set, the last counts. */
export const made = (of: MessageClass, fields: Fields, making: Making): Message => {
  const message = new of();
  const setters = message as unknown as Setters;
  for (const [key, value] of Object.entries(fields)) {
    const name = `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
    if (key === 'metadataMap')
      setMap(setters[`get${name}`]?.(undefined) as Map<string, string>, value);
    else if (key !== 'deadline') setters[`set${name}`]?.(valueOf(of, key, value, making));
  }
  return message;
};

/** What the requests of each method are. */
export const requestClasses: Readonly<Record<string, MessageClass>> = {
  Read: streams.ReadReq as unknown as MessageClass,
  Append: streams.AppendReq as unknown as MessageClass,
  BatchAppend: streams.BatchAppendReq as unknown as MessageClass,
  Delete: streams.DeleteReq as unknown as MessageClass,
  Tombstone: streams.TombstoneReq as unknown as MessageClass,
};
