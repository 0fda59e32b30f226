import * as E from 'fp-ts/lib/Either.js';
import type { Json, JsonObject } from '../../domain/json.ts';
import { cleaned, flawsOf } from '../envelope/clean.ts';
import type { Identity } from '../envelope/identity.ts';
import { identityOf } from '../envelope/identity.ts';
import { sentAtOf } from '../envelope/sent-at.ts';
import { sourceOf } from '../envelope/source.ts';
import { defaultPrefixes, splitTopic } from '../envelope/topic-prefix.ts';
import type { Judgement } from '../judge.ts';
import { judge } from '../judge.ts';
import type { NormalForm } from '../normal-form.ts';
import type { SetAsideCode } from '../set-aside.ts';
import { setAside } from '../set-aside.ts';
import { headersFrom } from './header-values.ts';
import type { Properties } from './odd-properties.ts';
import { oddPropertiesOf } from './odd-properties.ts';

/** A message as the driver hands it over. */
export type Delivery = {
  readonly content: Uint8Array;
  readonly fields: { readonly routingKey: string };
  readonly properties: Properties;
};

/** A message, and what it means to us. */
export type Taken = { readonly message: NormalForm; readonly judgement: Judgement };

type Body = Pick<NormalForm, 'body' | 'bodyText' | 'bodyEncoding'> & { readonly fault?: string };

const longestHeaders = 32 * 1024;
const readEncodings = /^(utf-?8|us-ascii|ascii)?$/i;

const parsed = (text: string): E.Either<string, Json> =>
  E.tryCatch(
    () => JSON.parse(text) as Json,
    (error) => `the body is not JSON: ${error instanceof Error ? error.message : String(error)}`,
  );

const readable = (text: string, encoding: unknown): E.Either<string, Json> => {
  if (encoding !== undefined && !(typeof encoding === 'string' && readEncodings.test(encoding))) {
    return E.left(`its content_encoding is ${JSON.stringify(encoding)}; only utf-8 is read`);
  }
  const value = parsed(text);
  if (E.isLeft(value)) return value;
  const { tooDeep, unstorable } = flawsOf(value.right);
  if (tooDeep) return E.left('the body is nested deeper than 200 levels, which no bus sends');
  return unstorable ? E.right(cleaned(value.right)) : value;
};

const bodyOf = ({ content, properties }: Delivery): Body => {
  const { text, bytes } = sourceOf(content);
  if (bytes !== undefined) {
    const base64 = Buffer.from(bytes).toString('base64');
    const kept = { body: null, bodyText: base64, bodyEncoding: 'base64' } as const;
    return { ...kept, fault: 'the body is not valid UTF-8' };
  }
  const value = readable(text, properties.contentEncoding);
  const kept = { bodyText: text, bodyEncoding: 'text' } as const;
  return E.isRight(value)
    ? { ...kept, body: value.right }
    : { ...kept, body: null, fault: value.left };
};

// A broker counts deliveries in headers, so those have no part in an id that is derived.
const identify = (id: unknown, topic: string, sentAt: Json, bodyText: string): Identity =>
  typeof id === 'string' && id.trim() !== ''
    ? identityOf({ id, body: null }, {})
    : identityOf({ topic, sentAt, text: bodyText }, {});

const headersOf = ({ properties }: Delivery): JsonObject => {
  const { priority } = properties;
  return {
    ...(typeof priority === 'number' ? { priority } : {}),
    ...headersFrom(properties.headers),
    ...oddPropertiesOf(properties),
  };
};

const headersFault = (headers: JsonObject): string | undefined => {
  if (flawsOf(headers).tooDeep) return 'its headers are nested deeper than 200 levels';
  const bytes = Buffer.byteLength(JSON.stringify(headers));
  return bytes > longestHeaders ? 'its headers are over 32 KiB' : undefined;
};

const messageFrom = (
  delivery: Delivery,
  headers: JsonObject,
  body: Omit<Body, 'fault'>,
  accepted: ReadonlyArray<string>,
): NormalForm => {
  const { fields, properties } = delivery;
  const sentAt = headers['sent-at'] ?? null;
  return {
    ...identify(properties.messageId, fields.routingKey, sentAt, body.bodyText),
    ...splitTopic(fields.routingKey, accepted),
    format: 'fedora-messaging',
    sentAt: sentAtOf(sentAt) ?? sentAtOf(headersFrom({ at: properties.timestamp })['at']),
    ...{ headers, body: body.body, bodyText: body.bodyText, bodyEncoding: body.bodyEncoding },
  };
};

const aside = (message: NormalForm, code: SetAsideCode, explanation: string): Taken => ({
  message,
  judgement: E.left(setAside(code, explanation)),
});

/** Kept whole as JSON, so that the headers are on record although an event cannot hold them as such. */
const withOddHeaders = (
  delivery: Delivery,
  headers: JsonObject,
  fault: string,
  accepted: ReadonlyArray<string>,
): Taken => {
  const { bodyText, bodyEncoding } = bodyOf(delivery);
  const text = JSON.stringify({ headers, body: bodyText, bodyEncoding });
  const whole = { body: null, bodyText: text, bodyEncoding: 'text' } as const;
  const message = messageFrom(delivery, {}, whole, accepted);
  return aside(
    message,
    'unreadable-message',
    `${fault}; headers and body are kept as one JSON text`,
  );
};

const taken = (delivery: Delivery, accepted: ReadonlyArray<string>): Taken => {
  const headers = headersOf(delivery);
  const flaw = headersFault(headers);
  if (flaw !== undefined) return withOddHeaders(delivery, headers, flaw, accepted);
  const { fault, ...body } = bodyOf(delivery);
  const message = messageFrom(delivery, cleaned(headers) as JsonObject, body, accepted);
  if (message.topic === '' && delivery.fields.routingKey === '') {
    return aside(message, 'unreadable-message', 'it has no routing key, and so no topic');
  }
  const judgement = judge(message, accepted);
  const isTold = E.isLeft(judgement) && judgement.left.code !== 'unreadable-body';
  if (fault === undefined || isTold) return { message, judgement };
  return aside(message, 'unreadable-body', fault);
};

const unreadable = (delivery: Delivery, error: unknown): Taken => {
  const bodyText = Buffer.from(delivery.content).toString('base64');
  const body = { body: null, bodyText, bodyEncoding: 'base64' } as const;
  const message = messageFrom(delivery, {}, body, defaultPrefixes);
  const why = error instanceof Error ? error.message : String(error);
  return aside(
    message,
    'unreadable-message',
    `it cannot be read, and only its body is kept: ${why}`,
  );
};

/**
 * Reads a delivery of fedora-messaging (AMQP 0-9-1): the topic is the routing key, the id the
 * property message_id (the hash of topic, sent-at and body where there is none), the body its bytes
 * as they came. Total: what cannot be read is set aside with the reason.
 */
export const readDelivery = (
  delivery: Delivery,
  accepted: ReadonlyArray<string> = defaultPrefixes,
): Taken => {
  try {
    return taken(delivery, accepted);
  } catch (error) {
    return unreadable(delivery, error); // tables nested deeper than the call stack
  }
};
