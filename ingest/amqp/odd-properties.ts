import type { JsonObject } from '../../domain/json.ts';
import { headersFrom } from './header-values.ts';

/** AMQP's names of the properties that fedora-messaging leaves unset, or always sets alike. */
const names = {
  contentType: 'content_type',
  contentEncoding: 'content_encoding',
  deliveryMode: 'delivery_mode',
  correlationId: 'correlation_id',
  replyTo: 'reply_to',
  expiration: 'expiration',
  timestamp: 'timestamp',
  type: 'type',
  userId: 'user_id',
  appId: 'app_id',
  clusterId: 'cluster_id',
} as const;

type Odd = keyof typeof names;

/** The properties of a message, under the driver's names. */
export type Properties = {
  readonly [Name in Odd | 'messageId' | 'priority' | 'headers']?: unknown;
};

const usual: Properties = {
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  deliveryMode: 2,
};

/** Properties unlike those of fedora-messaging, under one header: they are part of what came. */
export const oddPropertiesOf = (properties: Properties): JsonObject => {
  const odd = (Object.keys(names) as ReadonlyArray<Odd>).filter(
    (name) => properties[name] !== undefined && properties[name] !== usual[name],
  );
  if (odd.length === 0) return {};
  const values = Object.fromEntries(odd.map((name) => [names[name], properties[name]]));
  return { 'amqp-properties': headersFrom(values) };
};
