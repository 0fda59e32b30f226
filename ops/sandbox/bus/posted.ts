import { randomUUID } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { sentAt, TOPIC_PREFIX, type BusMessage } from './bus.ts';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasPrefix = /^(?:org|io)\./u;

const messageOf = (given: unknown, now: Date): BusMessage | undefined => {
  if (!isObject(given)) return undefined;
  const { topic, id, headers, body = {} } = given;
  if (typeof topic !== 'string' || topic === '') return undefined;
  return {
    topic: hasPrefix.test(topic) ? topic : `${TOPIC_PREFIX}${topic}`,
    id: typeof id === 'string' && id !== '' ? id : randomUUID(),
    headers: {
      ...{ fedora_messaging_schema: 'base.message', fedora_messaging_severity: 20 },
      ...{ 'sent-at': sentAt(now), ...(isObject(headers) ? headers : {}) },
    },
    ...{ body, queue: null, priority: null },
  };
};

/** The body of POST /sandbox/messages: messages to publish as they are, all or none. */
export const readMessages = (
  fields: Readonly<Record<string, unknown>>,
  now: Date,
): E.Either<string, ReadonlyArray<BusMessage>> => {
  const given = fields['messages'];
  if (!Array.isArray(given) || given.length === 0) {
    return E.left('"messages" is a list of {topic, body?, id?, headers?}.');
  }
  const read = given.map((one) => messageOf(one, now));
  const fault = read.indexOf(undefined);
  if (fault >= 0) return E.left(`messages[${fault}] has no "topic" of text.`);
  return E.right(read.filter((one) => one !== undefined));
};
